#include "exports/event_log.h"

#include "base/error.h"
#include "exports/spec.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fresh::exports {
namespace {

using base::event_type::gate_finished;
using base::event_type::gate_started;
using base::event_type::run_finished;
using nlohmann::json;

constexpr std::string_view gate_subject = "gate:";

/// The exit code of a finished run; a run that does not say one did not end well.
int exit_code_of(const base::Event& event) {
  int code = number(base::ExitCode::bug);
  if (const auto found = event.fields.find("exit_code"); found != event.fields.end()) {
    const std::string& text = found->second;
    std::from_chars(text.data(), text.data() + text.size(), code);
  }
  return code;
}

json document_of(const base::Event& event) {
  json document{{"type", event.type}, {"subject", event.subject}, {"text", event.text}};
  if (!event.outcome.empty()) {
    document["outcome"] = event.outcome;
  }
  if (event.took) {
    document["took_ms"] = event.took->count();
  }
  if (!event.fields.empty()) {
    document["fields"] = event.fields;
  }
  if (event.type == run_finished) {
    document["exit_code"] = exit_code_of(event);
  }
  return document;
}

}  // namespace

std::string event_json(const base::Event& event) {
  return document_of(event).dump(-1, ' ', false, json::error_handler_t::replace);
}

EventLog::EventLog(const std::filesystem::path& file, std::string run, const base::Clock& clock)
    : file_(file), run_(std::move(run)), clock_(clock), begun_(clock.steady()) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  descriptor_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor_ < 0) {
    throw base::Error(
        base::ExitCode::outputs,
        fmt::format("cannot write '{}': {}", file.string(), std::system_category().message(errno)),
        fmt::format("make '{}' a folder that you can write to", file.parent_path().string()));
  }
  write_line(fmt::format(R"({{"type":"version","schema":{}}})", schema_version), false);
}

EventLog::~EventLog() {
  ::close(descriptor_);
}

void EventLog::hear(const base::Event& event) {
  const std::scoped_lock lock(mutex_);
  if (finished_ || failure_) {
    return;
  }
  if (event.type == gate_started && event.subject.starts_with(gate_subject)) {
    gate_ = event.subject.substr(gate_subject.size());
  }
  json document = document_of(event);
  document["seq"] = ++sequence_;
  document["time"] = base::rfc3339(clock_.wall());
  document["monotonic_ms"] = std::chrono::duration_cast<base::Milliseconds>(clock_.steady() - begun_).count();
  document["run"] = run_;
  document["gate"] = gate_;
  finished_ = event.type == run_finished;
  const bool ends_gate = event.type == gate_finished;
  write_line(document.dump(-1, ' ', false, json::error_handler_t::replace), ends_gate || finished_);
  if (ends_gate) {
    gate_.clear();
  }
}

void EventLog::write_line(const std::string& line, bool sync) {
  const std::string whole = line + "\n";
  std::string_view rest = whole;
  while (!rest.empty()) {
    const ssize_t count = ::write(descriptor_, rest.data(), rest.size());
    if (count < 0 && errno != EINTR) {
      failure_ = fmt::format("cannot write '{}': {}", file_.string(), std::system_category().message(errno));
      return;
    }
    rest.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  if (sync && ::fsync(descriptor_) != 0) {
    failure_ = fmt::format("cannot sync '{}': {}", file_.string(), std::system_category().message(errno));
  }
}

std::optional<std::string> EventLog::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

}  // namespace fresh::exports
