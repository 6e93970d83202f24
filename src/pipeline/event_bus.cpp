#include "pipeline/event_bus.h"

#include <utility>

namespace fresh::pipeline {

using base::Event;

EventBus::Subscription EventBus::listen(base::EventSink listener) {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t id = next_++;
  listeners_.emplace(id, std::move(listener));
  return {nullptr, [this, id](void*) {
            const std::scoped_lock removal(mutex_);
            listeners_.erase(id);
          }};
}

void EventBus::filter(std::function<std::string(std::string_view)> redact) {
  const std::scoped_lock lock(mutex_);
  redact_ = std::move(redact);
}

Event EventBus::filtered(const Event& event) const {
  if (!redact_) {
    return event;
  }
  Event result = event;
  result.text = redact_(event.text);
  for (auto& [name, value] : result.fields) {
    value = redact_(value);
  }
  return result;
}

void EventBus::publish(const Event& event) {
  const std::scoped_lock lock(mutex_);
  const Event safe = filtered(event);
  for (const auto& [id, listener] : listeners_) {
    listener(safe);
  }
}

base::EventSink EventBus::sink() {
  return [this](const Event& event) { publish(event); };
}

void EventBus::notice(std::string subject, std::string text) {
  publish({.type = base::event_type::notice, .subject = std::move(subject), .text = std::move(text)});
}

void EventBus::warn(std::string subject, std::string text) {
  publish({.type = base::event_type::warning, .subject = std::move(subject), .text = std::move(text)});
}

}  // namespace fresh::pipeline
