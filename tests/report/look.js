// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
// look.js - what a browser makes of a page, at the width of its frame: put into a copy of the page by
// run, and not part of it. Tells its frame's parent a line for each thing that is wrong.
"use strict";

function inScroller(element)
{
	for (let e = element.parentElement; e; e = e.parentElement)
		if (e.matches(".scroll, .plot, .gauge, .skip"))
			return true;
	return element.matches(".skip");
}

function overflow(wrong)
{
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > width) {
		const outside = [...document.querySelectorAll(".plot *, .gauge *")]
			.filter(e => e.getBoundingClientRect().right > width).map(e => e.textContent);
		wrong.push(`the page is ${document.documentElement.scrollWidth} wide, the window ${width}: ${outside}`);
	}
	for (const e of document.querySelectorAll("body *")) {
		const box = e.getBoundingClientRect();
		if (box.right > width + 1 && box.width && !inScroller(e))
			wrong.push(`<${e.tagName} class="${e.getAttribute("class")}"> ends at ${box.right} of ${width}: ` +
				   e.textContent.slice(0, 40));
	}
}

function emptiness(wrong)
{
	for (const plot of document.querySelectorAll(".plot")) {
		const marks = [...plot.querySelectorAll("svg path, svg rect")].filter(m => {
			const box = m.getBBox();
			return !m.matches(".grid, .mark, .floor, .band, .zone0") && (box.width || box.height);
		});
		if (!marks.length && !/At most 0/.test(plot.textContent))
			wrong.push(`nothing is drawn in "${plot.querySelector("title").textContent}"`);
		if (plot.getBoundingClientRect().height < 30 || plot.getBoundingClientRect().width < 100)
			wrong.push(`no room for "${plot.querySelector("title").textContent}"`);
	}
	for (const section of document.querySelectorAll("h2"))
		if (!section.nextElementSibling || !section.nextElementSibling.textContent.trim())
			wrong.push(`nothing stands below "${section.textContent}"`);
	for (const cell of document.querySelectorAll("tbody td"))
		if (!cell.textContent.trim() && !cell.querySelector("svg"))
			wrong.push(`an empty cell in the row ${cell.parentElement.textContent.trim().slice(0, 40)}`);
}

// Labels of one plot that lie on one another.
function overlap(wrong)
{
	for (const plot of document.querySelectorAll(".plot")) {
		const labels = [...plot.querySelectorAll("b, i, em, u:not(.l)")]
			.map(e => [e, e.getBoundingClientRect()]).filter(([, box]) => box.width);
		for (const [a, x] of labels)
			for (const [b, y] of labels)
				if (a !== b && x.left < y.right - 2 && y.left < x.right - 2 &&
				    x.top < y.bottom - 3 && y.top < x.bottom - 3 &&
				    a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING)
					wrong.push(`"${a.textContent}" lies on "${b.textContent}" in "` +
						   `${plot.querySelector("title").textContent}"`);
	}
}

// Each picture has a name and a description, and these come before its marks.
function described(wrong)
{
	for (const svg of document.querySelectorAll("svg")) {
		if (svg.getAttribute("aria-hidden") === "true")
			continue;
		const names = (svg.getAttribute("aria-labelledby") || "").split(" ").map(id => document.getElementById(id));
		if (svg.getAttribute("role") !== "img" || names.length !== 2 ||
		    names.some(n => !n || n.parentElement !== svg || !n.textContent.trim()))
			wrong.push("a picture without title and description");
	}
	for (const id of document.querySelectorAll("[id]"))
		if (document.querySelectorAll(`[id="${id.id}"]`).length > 1)
			wrong.push(`${id.id} is the id of two elements`);
}

async function accessible(wrong)
{
	const options = {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]};
	const result = await axe.run(document, options);
	for (const v of result.violations)
		wrong.push(`axe: ${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 120)}`);
	return result.passes.length;
}

addEventListener("load", async () => {
	const wrong = [];
	overflow(wrong);
	emptiness(wrong);
	overlap(wrong);
	described(wrong);
	const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
	let passes = 0;
	if (window.axe)
		passes = await accessible(wrong);
	const page = location.pathname.replace(/.*\/|\.looked\.html/g, "");
	parent.postMessage({page, width: innerWidth, scheme, wrong, passes}, "*");
});
