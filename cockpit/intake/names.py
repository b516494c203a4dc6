"""Which attribute names mean what, framework by framework; of several the first that is there counts.

Sources: the OpenTelemetry GenAI registry (old and new names), OpenLLMetry (`gen_ai.prompt.N.*`, `traceloop.*`),
OpenInference's specification, the Vercel AI SDK's telemetry (`ai.*`), Langfuse's OTel attributes and exports,
LangSmith runs, pydantic-ai and MLflow. No convention names prompt version, tenant, route, tier or configuration:
those names are settings, and what stands here is only where they are looked for otherwise.
"""

from __future__ import annotations

MODEL = (
    "gen_ai.response.model", "llm.response.model_name", "ai.response.model", "langfuse.observation.model.name",
    "llm.model_name", "llm.response.model", "internal_model_name", "provided_model_name", "providedModelName",
    "model", "modelName", "model_name",
    "embedding.model_name", "reranker.model_name", "metadata.ls_model_name", "extra.metadata.ls_model_name",
    "langsmith.metadata.ls_model_name", "mlflow.llm.model", "response.model", "outputs.model",
)  # fmt: skip
REQUESTED_MODEL = (
    "gen_ai.request.model", "llm.request.model_name", "llm.request.model", "ai.model.id", "llm.invocation.model",
    "invocation_params.model", "extra.invocation_params.model", "request.model", "metadata.attributes.model_name",
)  # fmt: skip
TOKENS_IN = (
    "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt", "llm.usage.prompt_tokens",
    "ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens", "usageDetails.input", "usage_details.input",
    "langfuse.observation.usage_details.input", "usage.input", "usage.promptTokens", "usage.prompt_tokens",
    "usage.input_tokens", "usage.inputTokens", "promptTokens", "prompt_tokens", "input_tokens", "inputUsage",
    "metrics.prompt_tokens", "llm_output.token_usage.prompt_tokens", "outputs.usage_metadata.input_tokens",
    "mlflow.chat.tokenUsage.input_tokens", "tokens_in",
)  # fmt: skip
TOKENS_OUT = (
    "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion",
    "llm.usage.completion_tokens", "ai.usage.outputTokens", "ai.usage.completionTokens", "usageDetails.output",
    "usage_details.output", "langfuse.observation.usage_details.output", "usage.output", "usage.completionTokens",
    "usage.completion_tokens", "usage.output_tokens", "usage.outputTokens", "completionTokens",
    "completion_tokens", "output_tokens", "outputUsage", "metrics.completion_tokens",
    "llm_output.token_usage.completion_tokens", "outputs.usage_metadata.output_tokens",
    "mlflow.chat.tokenUsage.output_tokens", "tokens_out",
)  # fmt: skip
COST = (
    "gen_ai.usage.cost", "llm.cost.total", "langfuse.observation.cost_details.total", "totalCost",
    "calculatedTotalCost",
    "costDetails.total", "cost_details.total", "total_cost", "cost_usd", "usage.cost",
    "mlflow.llm.cost.total_cost", "mlflow.trace.cost.total_cost",
)  # fmt: skip
TTFT_MS = ("ai.response.msToFirstChunk", "gen_ai.server.time_to_first_token_ms", "ttft_ms", "ttftMs")
TTFT_S = (
    "gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token", "llm.latency.time_to_first_token",
    "timeToFirstToken", "time_to_first_token", "metrics.time_to_first_token",
)  # fmt: skip
FIRST_TOKEN_AT = (
    "langfuse.observation.completion_start_time", "completionStartTime", "completion_start_time", "first_token_time",
)  # fmt: skip
FINISH = (
    "gen_ai.response.finish_reasons", "gen_ai.response.finish_reason", "llm.finish_reason",
    "ai.response.finishReason",
    "gen_ai.completion.0.finish_reason", "finish_reason", "finishReason", "modelParameters.finishReason",
)  # fmt: skip
OPERATION = (
    "openinference.span.kind", "gen_ai.operation.name", "langfuse.observation.type", "traceloop.span.kind",
    "ai.operationId", "langsmith.span.kind", "llm.request.type", "mlflow.spanType", "span_attributes.type",
    "run_type",
)  # fmt: skip
TOOL_NAME = (
    "gen_ai.tool.name", "tool.name", "ai.toolCall.name", "tool_call.function.name", "traceloop.entity.name",
    "tool_name",
)  # fmt: skip
TOOL_ID = ("gen_ai.tool.call.id", "tool.id", "tool_call.id", "ai.toolCall.id", "tool_call_id")
TOOL_ARGUMENTS = (
    "gen_ai.tool.call.arguments", "tool.parameters", "ai.toolCall.args", "tool_arguments",
    "tool_call.function.arguments", "gen_ai.tool.arguments", "gcp.vertex.agent.tool_call_args",
)  # fmt: skip
TOOL_RESULT = ("gen_ai.tool.call.result", "ai.toolCall.result", "tool_response", "gen_ai.tool.result", "tool.result",
               "gcp.vertex.agent.tool_response")  # fmt: skip
INPUT = (
    "langfuse.observation.input", "input.value", "ai.prompt.messages", "ai.prompt", "gen_ai.prompt", "input",
    "inputs",
    "pydantic_ai.all_messages", "all_messages_events", "traceloop.entity.input", "mlflow.spanInputs",
    "gen_ai.task.input", "ai.values", "ai.value", "gen_ai.embeddings.input", "request_data", "lk.chat_ctx",
    "llm.prompts", "langfuse.trace.input",
)  # fmt: skip
OUTPUT = (
    "langfuse.observation.output", "output.value", "ai.response.text", "ai.response.object", "gen_ai.completion",
    "output", "outputs", "final_result", "traceloop.entity.output", "mlflow.spanOutputs", "gen_ai.task.output",
    "response_data", "lk.response.text", "llm.completions", "langfuse.trace.output",
)  # fmt: skip
OUTPUT_CALLS = ("ai.response.toolCalls", "toolCalls", "tool_calls")
INPUT_MESSAGES = ("gen_ai.input.messages", "gen_ai.input_messages")
OUTPUT_MESSAGES = ("gen_ai.output.messages", "gen_ai.output_messages")
INSTRUCTIONS = ("gen_ai.system_instructions", "gen_ai.request.instructions", "llm.system_prompt")
INDEXED_IN = ("llm.input_messages.", "gen_ai.prompt.", "gen_ai.input.messages.")
INDEXED_OUT = ("llm.output_messages.", "gen_ai.completion.", "gen_ai.output.messages.")
DOCUMENTS = ("gen_ai.retrieval.documents", "retrieval.documents", "reranker.output_documents", "retrieved_documents",
             "gen_ai.retrieval.results")  # fmt: skip
INDEXED_DOCUMENTS = ("reranker.output_documents.", "retrieval.documents.", "gen_ai.retrieval.documents.")
QUERY = ("gen_ai.retrieval.query.text", "db.query.text", "reranker.query")

PARAMETERS = ("llm.invocation_parameters", "modelParameters", "model_parameters", "invocation_params",
              "langfuse.observation.model.parameters", "extra.invocation_params",
              "model_request_parameters")  # fmt: skip
PARAMETER_PREFIXES = ("gen_ai.request.", "ai.settings.", "llm.request.", "modelParameters.",
                      "langfuse.observation.model.parameters.", "extra.invocation_params.")  # fmt: skip
PARAMETER_WORDS = {
    "temperature": "temperature", "top_p": "top_p", "topP": "top_p", "top_k": "top_k", "topK": "top_k",
    "max_tokens": "max_tokens", "maxTokens": "max_tokens", "maxOutputTokens": "max_tokens",
    "max_output_tokens": "max_tokens", "max_completion_tokens": "max_tokens", "seed": "seed",
    "stop_sequences": "stop", "stopSequences": "stop", "stop": "stop", "frequency_penalty": "frequency_penalty",
    "frequencyPenalty": "frequency_penalty", "presence_penalty": "presence_penalty",
    "presencePenalty": "presence_penalty", "toolChoice": "tool_choice", "tool_choice": "tool_choice",
    "reasoning_effort": "reasoning_effort", "choice.count": "n", "n": "n", "response_format": "response_format",
}  # fmt: skip

SERVICE = ("service.name", "resource.name", "openinference.project.name")
SESSION = (
    "session.id", "langfuse.session.id", "gen_ai.conversation.id", "sessionId", "session_id", "metadata.session_id",
    "traceloop.association.properties.session_id", "langsmith.metadata.session_id", "mlflow.trace.session",
    "ai.telemetry.metadata.sessionId", "metadata.thread_id", "thread_id", "langfuse.trace.session_id",
)  # fmt: skip
USER = (
    "user.id", "langfuse.user.id", "enduser.id", "userId", "user_id", "metadata.user_id", "mlflow.trace.user",
    "traceloop.association.properties.user_id", "ai.telemetry.metadata.userId", "gen_ai.user.id",
)  # fmt: skip
PROMPT_VERSION = (
    "langfuse.observation.prompt.version", "llm.prompt_template.version", "prompt.version", "gen_ai.prompt.version",
    "promptVersion", "prompt_version", "metadata.prompt_version", "ai.telemetry.metadata.promptVersion",
)  # fmt: skip
PROMPT_NAME = ("langfuse.observation.prompt.name", "gen_ai.prompt.name", "promptName", "prompt.id", "prompt_name")
TENANT = (
    "tenant", "tenant.id", "tenant_id", "metadata.tenant", "metadata.tenant_id", "langfuse.trace.metadata.tenant",
    "traceloop.association.properties.tenant_id", "ai.telemetry.metadata.tenant", "organization.id", "customer.id",
)  # fmt: skip
ROUTE = ("http.route", "route", "metadata.route", "ai.telemetry.functionId", "url.path", "http.target")
TIER = ("tier", "x-tier", "http.response.header.x-tier", "metadata.tier", "gen_ai.tier")
CONFIG_ID = ("config.id", "config_id", "x-config-id", "http.response.header.x-config-id", "metadata.config_id")

KINDS = {
    "llm": "llm", "chat": "llm", "generation": "llm", "text_completion": "llm", "completion": "llm",
    "generate_content": "llm", "chat_model": "llm", "chatmodel": "llm", "embedding": "embedding",
    "embeddings": "embedding", "tool": "tool", "execute_tool": "tool", "function": "tool", "retriever": "retriever",
    "retrieval": "retriever", "rerank": "reranker", "reranker": "reranker", "agent": "agent", "invoke_agent": "agent",
    "create_agent": "agent", "chain": "chain", "workflow": "chain", "task": "chain", "invoke_workflow": "chain",
    "guardrail": "guardrail", "evaluator": "evaluator", "ai.toolcall": "tool", "ai.embed": "embedding",
    "ai.embed.doembed": "embedding", "ai.embedmany": "embedding", "ai.embedmany.doembed": "embedding",
    "ai.generatetext": "llm", "ai.generatetext.dogenerate": "llm", "ai.generateobject": "llm",
    "ai.generateobject.dogenerate": "llm", "ai.streamtext": "llm", "ai.streamtext.dostream": "llm",
    "ai.streamobject": "llm", "ai.streamobject.dostream": "llm", "parser": "chain", "prompt": "chain",
}  # fmt: skip
"""Words for a span's kind, in lower case."""

EVENT_ROLES = {
    "gen_ai.system.message": "system", "gen_ai.user.message": "user", "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}  # fmt: skip
CHOICE_EVENT = "gen_ai.choice"
CONTENT_EVENTS = {"gen_ai.content.prompt": "gen_ai.prompt", "gen_ai.content.completion": "gen_ai.completion"}
EVALUATION_EVENT = "gen_ai.evaluation.result"
