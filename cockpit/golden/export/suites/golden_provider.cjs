// Asks an OpenAI-compatible endpoint; made by `cockpit fixture export --to promptfoo`. The question arrives as Base64,
// because promptfoo fills in templates, the environment's secrets too, in whatever else it is given to send.
const seconds = Number(process.env.LLM_TIMEOUT_S ?? 60);

module.exports = class GoldenProvider {
  id() {
    return `golden:${process.env.LLM_MODEL}`;
  }

  async callApi(prompt) {
    const question = JSON.parse(Buffer.from(prompt, 'base64').toString('utf8'));
    const headers = { 'content-type': 'application/json' };
    if (process.env.LLM_API_KEY) headers.authorization = `Bearer ${process.env.LLM_API_KEY}`;
    try {
      const answer = await fetch(`${process.env.LLM_BASE_URL.replace(/\/+$/, '')}/chat/completions`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ model: process.env.LLM_MODEL, ...question }),
        signal: AbortSignal.timeout(seconds * 1000),
      });
      if (!answer.ok) return { error: `the endpoint answered ${answer.status}` };
      const { choices: [{ message }] } = await answer.json();
      const calls = message.tool_calls ?? [];
      const content = message.content || message.refusal || '';
      return { output: content && !calls.length ? content : { content, tool_calls: calls } };
    } catch (problem) {
      return { error: `the endpoint gave no answer: ${problem.message}` };
    }
  }
};
