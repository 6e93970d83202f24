#include "engine/fault.h"
#include "engine/hijack.h"
#include "engine/socket_engine.h"
#include "engine/stream.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace fresh::engine {
namespace {

constexpr std::chrono::milliseconds resize_deadline(5'000);

}  // namespace

void SocketEngine::talk(const Request& request, std::string_view what, bool raw,
                        const Conversation& conversation, const std::string& resize_target,
                        const StreamSink& sink, const Call& call) {
  const Budget budget(call);
  Hijack hijack(http_.socket_path(), request, budget.left());
  if (hijack.answer().status != 101 && hijack.answer().status != 200) {
    throw refusal(hijack.answer().status, what, error_text(hijack.answer().body));
  }
  if (request.on_accepted) {
    request.on_accepted();
  }
  Demultiplexer frames(sink);
  TerminalSize told;
  const auto tell_size = [&] {
    const auto now = raw && conversation.size ? conversation.size() : std::nullopt;
    if (!now || *now == told) {
      return;
    }
    const auto query =
        Query().add("h", fmt::format("{}", now->rows)).add("w", fmt::format("{}", now->columns));
    try {
      // Refused until the program's terminal is there: asked again at the next tick.
      if (http_.perform(post(docker(resize_target + query.text()), {}), {resize_deadline, call.stop})
              .succeeded()) {
        told = *now;
      }
    } catch (const EngineError&) {
      told = *now;
    }
  };
  hijack.carry(
      conversation.input,
      [&](std::string_view bytes) {
        if (raw) {
          sink(Stream::out, bytes);
        } else {
          frames.feed(bytes);
        }
      },
      tell_size, budget.left());
  frames.finish();
}

void SocketEngine::converse(const std::string& container, const Conversation& conversation,
                            const std::function<void()>& on_attached, const StreamSink& sink,
                            const Call& call) {
  const Budget budget(call);
  const auto name = path_part(container);
  const bool raw = has_terminal(container, budget.left());
  const auto query = Query()
                         .add("stream", true)
                         .add("stdin", conversation.input >= 0)
                         .add("stdout", true)
                         .add("stderr", true)
                         .text();
  Request request = post(docker(fmt::format("/containers/{}/attach{}", name, query)), {});
  request.on_accepted = on_attached;
  talk(request, fmt::format("attaching to container '{}'", container), raw, conversation,
       fmt::format("/containers/{}/resize", name), sink, budget.left());
}

int SocketEngine::converse_exec(const std::string& container, const ExecRequest& request,
                                const Conversation& conversation, const StreamSink& sink, const Call& call) {
  const Budget budget(call);
  const auto command = request.command.empty() ? std::string() : request.command.front();
  const auto what = fmt::format("running '{}' in container '{}'", command, container);
  const auto id = path_part(make_exec(container, request, conversation.input >= 0, what, budget.left()));
  talk(post(docker(fmt::format("/exec/{}/start", id)), {{"Detach", false}, {"Tty", request.tty}}), what,
       request.tty, conversation, fmt::format("/exec/{}/resize", id), sink, budget.left());
  return exec_exit_code(id, what, budget.left());
}

}  // namespace fresh::engine
