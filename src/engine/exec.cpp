#include "engine/fault.h"
#include "engine/json_fields.h"
#include "engine/objects.h"
#include "engine/socket_engine.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace fresh::engine {
namespace {

using nlohmann::json;

/// What a shell says of a command that `timeout` ended; engines have no number for it.
constexpr int timed_out_code = 124;

json exec_body(const ExecRequest& request, bool input) {
  json body{{"AttachStdin", input},
            {"AttachStdout", true},
            {"AttachStderr", true},
            {"Tty", request.tty},
            {"Cmd", request.command}};
  for (const auto& [name, value] : request.environment) {
    body["Env"].push_back(name + "=" + value);
  }
  if (request.privileged) {
    body["Privileged"] = true;
  }
  if (!request.user.empty()) {
    body["User"] = request.user;
  }
  if (!request.working_dir.empty()) {
    body["WorkingDir"] = request.working_dir;
  }
  return body;
}

/// The command behind a health test: `CMD a b`, or `CMD-SHELL text`; empty for NONE.
std::vector<std::string> health_command(const std::vector<std::string>& test) {
  if (test.size() >= 2 && test.front() == "CMD") {
    return {test.begin() + 1, test.end()};
  }
  if (test.size() >= 2 && test.front() == "CMD-SHELL") {
    return {"/bin/sh", "-c", test[1]};
  }
  return {};
}

}  // namespace

std::string SocketEngine::make_exec(const std::string& container, const ExecRequest& request, bool input,
                                    std::string_view what, const Call& call) {
  const auto made = expect(
      post(docker(fmt::format("/containers/{}/exec", path_part(container))), exec_body(request, input)), what,
      call);
  return text_at(parse_json(made.body, what), "Id");
}

int SocketEngine::exec_exit_code(const std::string& id, std::string_view what, const Call& call) {
  // The end of the stream is no evidence: an engine that dies ends it just so.
  const auto state = find_json(docker(fmt::format("/exec/{}/json", path_part(id))), what, call);
  if (!state || flag_at(*state, "Running") || !at(*state, "ExitCode").is_number()) {
    throw EngineError(base::ExitCode::machine, Fault::cut, 200,
                      fmt::format("{} broke off: how the command ended is not known", what),
                      "look whether the engine was stopped or killed");
  }
  return static_cast<int>(number_at(*state, "ExitCode"));
}

void SocketEngine::exec_detached(const std::string& container, const ExecRequest& request, const Call& call) {
  const Budget budget(call);
  const auto what = fmt::format("starting a command in container '{}'", container);
  const auto id = make_exec(container, request, false, what, budget.left());
  expect(post(docker(fmt::format("/exec/{}/start", path_part(id))), {{"Detach", true}, {"Tty", request.tty}}),
         what, budget.left());
}

ExecResult SocketEngine::exec(const std::string& container, const ExecRequest& request,
                              const StreamSink& sink, const Call& call) {
  const Budget budget(call);
  const auto command = request.command.empty() ? std::string() : request.command.front();
  const auto what = fmt::format("running '{}' in container '{}'", command, container);
  const auto id = make_exec(container, request, false, what, budget.left());

  ExecResult result;
  Request start =
      post(docker(fmt::format("/exec/{}/start", path_part(id))), {{"Detach", false}, {"Tty", request.tty}});
  start.ends_with_connection = true;
  container_stream(
      std::move(start), what, request.tty,
      [&](Stream stream, std::string_view bytes) {
        (stream == Stream::err ? result.err : result.out) += bytes;
        if (sink) {
          sink(stream, bytes);
        }
      },
      budget.left());

  result.exit_code = exec_exit_code(id, what, budget.left());
  return result;
}

HealthRun SocketEngine::probe_health(const std::string& container, const Healthcheck& check,
                                     const Call& call) {
  const auto limit = check.timeout.count() > 0 ? std::min(call.deadline, check.timeout) : call.deadline;
  const Call bounded{limit, call.stop};
  const auto late = [&] {
    return HealthRun{timed_out_code, fmt::format("the health check did not end within {} ms", limit.count())};
  };
  const auto what = fmt::format("checking the health of container '{}'", container);
  if (podman()) {
    Request request;
    request.method = "GET";
    request.target = native(fmt::format("/containers/{}/healthcheck", path_part(container)));
    request.may_retry = false;
    try {
      const auto answer = http_.perform(request, bounded);
      const auto text = error_text(answer.body);
      if (answer.status == 500 && text.find("exceeded timeout") != std::string::npos) {
        return {timed_out_code, text};
      }
      if (!answer.succeeded()) {
        throw refusal(answer.status, what, text);
      }
      // This status is of this run alone; retries and start period are the caller's affair.
      if (text_at(parse_json(answer.body, what), "Status") == "healthy") {
        return {0, {}};
      }
    } catch (const EngineError& error) {
      if (error.fault() == Fault::timed_out && limit < call.deadline) {
        return late();
      }
      throw;
    }
    const auto now = find_container(container, call);
    if (now && !now->health_log.empty() && now->health_log.back().exit_code != 0) {
      return now->health_log.back();
    }
    return {1, {}};
  }

  ExecRequest request;
  request.command = health_command(check.test);
  if (request.command.empty() && check.test.empty()) {
    const auto facts =
        get_json(docker(fmt::format("/containers/{}/json", path_part(container))), what, bounded);
    request.command = health_command(texts_at(facts, "Config/Healthcheck/Test"));
  }
  if (request.command.empty()) {
    throw EngineError(base::ExitCode::deploy, Fault::conflict, 0,
                      fmt::format("{}: it has no health check", what));
  }
  try {
    const auto result = exec(container, request, {}, bounded);
    return {result.exit_code, result.out + result.err};
  } catch (const EngineError& error) {
    if (error.fault() == Fault::timed_out && limit < call.deadline) {
      return late();
    }
    throw;
  }
}

}  // namespace fresh::engine
