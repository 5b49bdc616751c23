// Opens reports in a browser, as a phone, a desk and paper show them, in light and in dark, and holds what it
// sees against axe-core's rules. A message in the console, a request to the network, a page that scrolls
// sideways or a broken rule is a finding; any finding ends with exit code 1.
//
//	node check.mjs REPORT.html...        BROWSER names the browser; SHOTS a folder for pictures of what was seen
import { createRequire } from "node:module";
import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const shots = process.env.SHOTS;

// views are the ways in which people see a report. Paper is A4 without its margins, in CSS pixels.
const views = [
  { name: "phone-light", width: 390, height: 844, scheme: "light", media: "screen" },
  { name: "phone-dark", width: 390, height: 844, scheme: "dark", media: "screen" },
  { name: "desk-light", width: 1280, height: 800, scheme: "light", media: "screen" },
  { name: "desk-dark", width: 1280, height: 800, scheme: "dark", media: "screen" },
  { name: "paper", width: 688, height: 1017, scheme: "light", media: "print" },
];

// inspect shows one report in one view and returns what is wrong with it.
async function inspect(browser, report, view) {
  const findings = [];
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height }, colorScheme: view.scheme, bypassCSP: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(300_000); // of a busy machine and a report of many drills
  page.on("console", (message) => findings.push(`the console says: ${message.text()}`));
  page.on("pageerror", (error) => findings.push(`an error on the page: ${error.message}`));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) findings.push(`a request to ${request.url()}`);
  });
  await page.emulateMedia({ media: view.media });
  await page.goto(pathToFileURL(report).href);
  if (shots) await picture(page, report, view);
  findings.push(...await overflow(page));
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  findings.push(...await overflow(page), ...await violations(page));
  await context.close();
  return [...new Set(findings)];
}

// overflow says how far the page is wider than its window.
async function overflow(page) {
  const [page_, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  return page_ > window_ ? [`the page is ${page_} wide in a window of ${window_}`] : [];
}

// violations are the broken rules of axe-core, each with the first element that breaks it.
async function violations(page) {
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map((v) => `${v.id} (${v.impact}): ${v.help}, ${v.nodes.length} times, first ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary.replace(/\s+/g, " ").slice(0, 240)}`);
}

// picture keeps what the view shows first, for people to look at; paper becomes a PDF.
async function picture(page, report, view) {
  const path = join(shots, `${basename(report, ".html")}-${view.name}`);
  if (view.media === "print") await page.pdf({ path: `${path}.pdf`, preferCSSPageSize: true });
  else await page.screenshot({ path: `${path}.png` });
}

const reports = process.argv.slice(2).map((path) => resolve(path));
if (reports.length === 0) {
  console.error("usage: node check.mjs REPORT.html...");
  process.exit(3);
}
if (shots) mkdirSync(shots, { recursive: true });
// Chromium refuses its sandbox to root; the reports are our own files, and ask for nothing.
const browser = await chromium.launch({ executablePath: process.env.BROWSER ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let count = 0;
for (const report of reports) {
  for (const view of views) {
    const findings = await inspect(browser, report, view);
    findings.forEach((finding) => console.log(`${basename(report)}, ${view.name}: ${finding}`));
    count += findings.length;
  }
}
await browser.close();
console.log(`${reports.length} reports in ${views.length} views: ${count} findings`);
process.exit(count === 0 ? 0 : 1);
