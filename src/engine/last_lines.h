#pragma once

#include "engine/engine.h"

#include <array>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

namespace fresh::engine {

/// Keeps the last lines of a container's two streams, in the order in which they were completed.
class LastLines {
 public:
  explicit LastLines(std::size_t count) : count_(count) {}

  void feed(Stream stream, std::string_view bytes);
  /// Hands them out, what has no newline yet as the last line of its stream.
  void finish(const StreamSink& sink);

 private:
  void keep(Stream stream, std::string line);

  std::size_t count_;
  std::deque<std::pair<Stream, std::string>> lines_;
  std::array<std::string, 2> rest_;
};

}  // namespace fresh::engine
