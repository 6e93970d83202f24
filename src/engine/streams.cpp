#include "base/clock.h"
#include "engine/dialect.h"
#include "engine/fault.h"
#include "engine/json_fields.h"
#include "engine/last_lines.h"
#include "engine/socket_engine.h"
#include "engine/stream.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <deque>
#include <set>
#include <tuple>

namespace fresh::engine {
namespace {

using nlohmann::json;

/// Podman repeats old events after its log was rotated: what was seen is remembered, up to more than one log
/// holds.
class SeenEvents {
 public:
  bool first_time(const EngineEvent& event) {
    auto key = std::tuple(event.time_nano, event.id, event.action);
    if (!seen_.insert(key).second) {
      return false;
    }
    order_.push_back(std::move(key));
    if (order_.size() > 16'384) {
      seen_.erase(order_.front());
      order_.pop_front();
    }
    return true;
  }

 private:
  using Key = std::tuple<std::int64_t, std::string, std::string>;
  std::set<Key> seen_;
  std::deque<Key> order_;
};

EngineEvent event_from(const json& line) {
  EngineEvent event;
  event.type = text_at(line, "Type");
  event.action = text_at(line, "Action");
  if (event.action == "died") {
    event.action = "die";
  }
  event.id = text_at(line, "Actor/ID");
  event.attributes = map_at(line, "Actor/Attributes");
  event.time_nano = number_at(line, "timeNano");
  return event;
}

}  // namespace

void SocketEngine::json_lines(Request request, std::string_view what,
                              const std::function<void(const json&)>& on_line, const Call& call) {
  LineSplitter lines([&](std::string_view line) {
    if (line.find_first_not_of(" \r\t") != std::string_view::npos) {
      on_line(parse_json(line, what));
    }
  });
  request.on_body = [&](std::string_view bytes) { lines.feed(bytes); };
  expect(request, what, call);
  lines.finish();
}

void SocketEngine::container_stream(Request request, std::string_view what, bool raw, const StreamSink& sink,
                                    const Call& call) {
  Demultiplexer frames(sink);
  request.on_body = [&](std::string_view bytes) {
    if (raw) {
      sink(Stream::out, bytes);
    } else {
      frames.feed(bytes);
    }
  };
  expect(request, what, call);
  frames.finish();
}

bool SocketEngine::has_terminal(const std::string& container, const Call& call) {
  const auto what = fmt::format("inspecting container '{}'", container);
  return flag_at(get_json(docker(fmt::format("/containers/{}/json", path_part(container))), what, call),
                 "Config/Tty");
}

void SocketEngine::logs(const std::string& container, const LogRequest& wanted, const StreamSink& sink,
                        const Call& call) {
  const Budget budget(call);
  // Podman's own logs come in frames even for a terminal; Docker's are raw then.
  const bool raw = !podman() && has_terminal(container, budget.left());
  Query query;
  query.add("stdout", true)
      .add("stderr", true)
      .add("follow", wanted.follow)
      .add("timestamps", wanted.timestamps);
  // Podman's own tail loses the beginning of a line that was written in parts, so the lines are counted here.
  const bool count_here = podman() && wanted.tail && !wanted.follow;
  if (wanted.tail && !count_here) {
    query.add("tail", fmt::format("{}", *wanted.tail));
  }
  if (wanted.since) {
    query.add("since", fmt::format("{}", *wanted.since));
  }
  if (wanted.until) {
    query.add("until", fmt::format("{}", *wanted.until));
  }
  Request request;
  request.method = "GET";
  request.target = native(fmt::format("/containers/{}/logs{}", path_part(container), query.text()));
  const auto what = fmt::format("reading the logs of container '{}'", container);
  if (!count_here) {
    container_stream(std::move(request), what, raw, sink, budget.left());
    return;
  }
  LastLines lines(static_cast<std::size_t>(std::max(*wanted.tail, 0)));
  container_stream(
      std::move(request), what, raw,
      [&](Stream stream, std::string_view bytes) { lines.feed(stream, bytes); }, budget.left());
  lines.finish(sink);
}

void SocketEngine::attach(const std::string& container, const std::function<void()>& on_attached,
                          const StreamSink& sink, const Call& call) {
  const Budget budget(call);
  const auto what = fmt::format("attaching to container '{}'", container);
  const bool raw = has_terminal(container, budget.left());
  const auto query = Query().add("stream", true).add("stdout", true).add("stderr", true).text();
  Request request = post(docker(fmt::format("/containers/{}/attach{}", path_part(container), query)), {});
  request.ends_with_connection = true;
  request.on_accepted = on_attached;
  container_stream(std::move(request), what, raw, sink, budget.left());
  // The death of an engine looks like the end of the stream; and the end is told a moment before the state
  // changes.
  const base::SystemClock clock;
  for (int look = 0; look < 40; ++look) {
    const auto now = find_container(container, budget.left());
    if (!now || now->state != "running") {
      return;
    }
    clock.wait(std::chrono::milliseconds(50), call.stop);
  }
  throw EngineError(base::ExitCode::machine, Fault::cut, 200,
                    fmt::format("{} broke off: the container still runs", what),
                    "look whether the engine was stopped or killed");
}

void SocketEngine::events(const Labels& labels, const std::function<void()>& on_subscribed,
                          const std::function<void(const EngineEvent&)>& sink, const Call& call) {
  constexpr const char* what = "listening to events";
  SeenEvents seen;
  bool subscribed = false;
  Request request;
  request.method = "GET";
  request.target = docker("/events" + Query().add("filters", label_filter(labels)).text());
  request.may_retry = false;
  request.on_accepted = [&] {
    subscribed = true;
    if (on_subscribed) {
      on_subscribed();
    }
  };
  try {
    json_lines(
        std::move(request), what,
        [&](const json& line) {
          if (!at(line, "Type").is_string()) {
            throw refusal(200, what, error_text(line.dump()));
          }
          const auto event = event_from(line);
          if (seen.first_time(event)) {
            sink(event);
          }
        },
        call);
  } catch (const base::Interrupted&) {
    return;
  } catch (const EngineError& error) {
    if (subscribed && error.fault() == Fault::timed_out) {
      return;
    }
    throw;
  }
  throw EngineError(base::ExitCode::machine, Fault::cut, 200, "the engine's stream of events ended",
                    "look whether the engine was stopped or killed");
}

}  // namespace fresh::engine
