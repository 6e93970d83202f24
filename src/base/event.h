#pragma once

#include "base/clock.h"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace fresh::base {

/// The kinds of events: a schema. What is written to events.jsonl and what every view is painted from.
namespace event_type {
inline constexpr const char* run_started = "run.started";
inline constexpr const char* run_finished = "run.finished";
inline constexpr const char* gate_started = "gate.started";
inline constexpr const char* gate_finished = "gate.finished";
inline constexpr const char* step_started = "step.started";
inline constexpr const char* step_finished = "step.finished";
inline constexpr const char* waiting = "waiting";
inline constexpr const char* log_line = "log.line";
inline constexpr const char* notice = "notice";
inline constexpr const char* warning = "warning";
}  // namespace event_type

/// One thing that happened. `subject` names what it is about (`image:localhost/x:1`, `service:db:1`,
/// `notebook:notebooks/a.ipynb`, `gate:G4_BUILD`); `text` is a sentence for people.
struct Event {
  std::string type = {};
  std::string subject = {};
  std::string text = {};
  /// For *.finished: `ok`, `passed` (of a gate or a run), `failed`, `skipped`, `cached`, `unchanged`.
  std::string outcome = {};
  std::optional<Milliseconds> took = {};
  std::map<std::string, std::string> fields = {};
};

/// Where modules report what they do. Called from several threads; the receiver locks. A sink may not throw:
/// it is called from destructors.
using EventSink = std::function<void(const Event&)>;

/// A sink that keeps nothing.
inline void ignore_event(const Event& /*event*/) {}

}  // namespace fresh::base
