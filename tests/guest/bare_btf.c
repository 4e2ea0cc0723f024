// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * bare_btf FILE - type information that is valid and has not one of the functions labyrinth knows.
 */
#include <bpf/btf.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct btf *btf = btf__new_empty();
	const void *data;
	FILE *f;
	__u32 size;
	int type;

	if (argc != 2 || !btf)
		return 1;
	type = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	type = btf__add_func_proto(btf, type);
	if (type < 0 || btf__add_func(btf, "a_function_of_no_kernel", BTF_FUNC_STATIC, type) < 0)
		return 1;
	data = btf__raw_data(btf, &size);
	f = fopen(argv[1], "we");
	if (!data || !f || fwrite(data, 1, size, f) != size || fclose(f))
		return 1;
	btf__free(btf);
	return 0;
}
