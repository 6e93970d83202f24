#pragma once

#include "base/event.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace fresh::pipeline {

/// Takes events from all threads and hands each, one at a time and in one order, to every listener: the file,
/// the painter, the heartbeat. Texts pass the filter first, so that no listener ever sees a secret.
class EventBus {
 public:
  /// Keeps a listener as long as it lives.
  using Subscription = std::shared_ptr<void>;

  [[nodiscard]] Subscription listen(base::EventSink listener);
  /// Applied to every text and field from now on.
  void filter(std::function<std::string(std::string_view)> redact);
  void publish(const base::Event& event);
  /// A sink for the modules; valid as long as the bus.
  base::EventSink sink();

  void notice(std::string subject, std::string text);
  void warn(std::string subject, std::string text);

 private:
  base::Event filtered(const base::Event& event) const;

  std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, base::EventSink> listeners_;
  std::function<std::string(std::string_view)> redact_;
};

}  // namespace fresh::pipeline
