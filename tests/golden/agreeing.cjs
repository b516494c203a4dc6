// Judges answers as an exported promptfoo suite does: reads [{check, text, tools}] and prints which hold.
const [, , judge, questions] = process.argv;
const check = require(judge);
const asked = JSON.parse(require('node:fs').readFileSync(questions, 'utf8'));
const told = asked.map(({ packed, text, tools }) => {
  const output = tools.length ? { content: text, tool_calls: tools.map((name) => ({ function: { name } })) } : text;
  return check(output, { config: { check: packed } }).pass;
});
console.log(JSON.stringify(told));
