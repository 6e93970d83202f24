#include "pipeline/heartbeat.h"

#include <fmt/core.h>

#include <utility>

namespace fresh::pipeline {

using base::Event;
using base::Milliseconds;
using base::SteadyTime;

Heartbeat::Heartbeat(base::EventSink publish, const base::Clock& clock, Milliseconds silence)
    : publish_(std::move(publish)),
      clock_(clock),
      silence_(silence),
      last_heard_(clock.steady()),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

void Heartbeat::hear(const Event& event) {
  const std::scoped_lock lock(mutex_);
  const SteadyTime now = clock_.steady();
  if (event.type != base::event_type::log_line) {
    last_heard_ = now;
  }
  if (event.type == base::event_type::step_started) {
    open_[event.subject] = {now, event.text};
  } else if (event.type == base::event_type::step_finished) {
    open_.erase(event.subject);
  } else if (event.type == base::event_type::waiting) {
    if (const auto found = open_.find(event.subject); found != open_.end()) {
      found->second.text = event.text;
    }
  }
}

std::string Heartbeat::text(SteadyTime now) const {
  std::string text;
  for (const auto& [subject, open] : open_) {
    text += fmt::format("{}{} ({}: {})", text.empty() ? "still waiting for " : ", ", subject,
                        base::shown(std::chrono::duration_cast<Milliseconds>(now - open.since)), open.text);
  }
  return text;
}

void Heartbeat::watch(const std::stop_token& stop) {
  while (clock_.wait(silence_ / 4, stop)) {
    std::string said;
    {
      const std::scoped_lock lock(mutex_);
      const SteadyTime now = clock_.steady();
      if (now - last_heard_ < silence_) {
        continue;
      }
      last_heard_ = now;
      said = text(now);
    }
    if (!said.empty()) {
      publish_({.type = base::event_type::waiting, .subject = "run", .text = said});
    }
  }
}

}  // namespace fresh::pipeline
