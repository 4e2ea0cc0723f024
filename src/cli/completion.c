// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* completion.c - see completion.h. */
#include "cli/completion.h"

#include <string.h>

#include "base/util.h"
#include "cli/table.h"
#include "cli/words.h"
#include "out/gathered.h"
#include "view/views.h"

/* Of options that take one of a few words. */
static const struct {
	const char *name, *words;
} value[] = {
	{"class", "atomic nowait nolock high blocking"},
	{"below", "low min"},
	{"attach", "auto fentry kprobe raw_tp slowpath"},
	{"folded", "failed lost pages"},
	{"color", "auto always never"},
};

static void put_options(FILE *f, const struct option_table *options, const char *name,
			const struct view *view)
{
	fprintf(f, "\t%s) options='", name);
	for (size_t i = 0; i < options->options; i++)
		if (option_is_of(&options->option[i], view))
			fprintf(f, "--%s ", options->option[i].name);
	fputs("' ;;\n", f);
}

static void put_words(FILE *f)
{
	const char *word;

	for (unsigned int i = 0; (word = word_name(i)); i++)
		fprintf(f, "%s%s", i ? " " : "", word);
}

/* What comes behind an option that takes something. */
static void put_values(FILE *f, const struct option_table *options)
{
	fputs("\tcase $before in\n", f);
	for (size_t i = 0; i < ARRAY_SIZE(value); i++)
		fprintf(f, "\t--%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
			value[i].name, value[i].words);
	for (size_t i = 0; i < options->options; i++) {
		const struct option_def *d = &options->option[i];

		if (d->arg && strcmp(d->arg, "FILE") == 0)
			fprintf(f, "\t--%s) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n",
				d->name);
	}
	fputs("\tesac\n", f);
}

void completion_bash(FILE *f, const struct option_table *options)
{
	const struct view *view;

	fputs("# bash completion for labyrinth, printed by: labyrinth completion bash\n"
	      "_labyrinth()\n"
	      "{\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
	      "\tlocal view=${COMP_WORDS[1]} options views='",
	      f);
	put_words(f);
	fputs("'\n", f);
	put_values(f, options);
	fputs("\tcase $view in\n", f);
	for (unsigned int i = 1; (view = view_at(i)); i++)
		put_options(f, options, view->name, view);
	put_options(f, options, "check", NULL);
	put_options(f, options, "serve", &view_serve);
	fputs("\texplain) options='--group --json --help' ;;\n"
	      "\treport) options='--compare --output --help' ;;\n",
	      f);
	put_options(f, options, "*", view_at(0));
	fputs("\tesac\n"
	      "\tif [[ $word = -* ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
	      "\telif [[ ($view = explain || $view = report) && $COMP_CWORD -gt 1 ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n"
	      "\telif [[ $view = completion && $COMP_CWORD = 2 ]]; then\n"
	      "\t\tCOMPREPLY=(bash)\n"
	      "\telif [[ $COMP_CWORD = 1 || ($view = help && $COMP_CWORD = 2) ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$views\" -- \"$word\"))\n"
	      "\tfi\n"
	      "}\n"
	      "complete -o filenames -F _labyrinth labyrinth\n",
	      f);
}
