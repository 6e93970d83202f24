#include "engine/last_lines.h"

namespace fresh::engine {

void LastLines::keep(Stream stream, std::string line) {
  lines_.emplace_back(stream, std::move(line));
  if (lines_.size() > count_) {
    lines_.pop_front();
  }
}

void LastLines::feed(Stream stream, std::string_view bytes) {
  std::string& rest = rest_[stream == Stream::out ? 0 : 1];
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    rest += bytes.substr(0, end == std::string_view::npos ? end : end + 1);
    if (end == std::string_view::npos) {
      return;
    }
    keep(stream, std::exchange(rest, {}));
    bytes.remove_prefix(end + 1);
  }
}

void LastLines::finish(const StreamSink& sink) {
  for (const Stream stream : {Stream::out, Stream::err}) {
    if (std::string& rest = rest_[stream == Stream::out ? 0 : 1]; !rest.empty()) {
      keep(stream, std::exchange(rest, {}));
    }
  }
  for (const auto& [stream, line] : lines_) {
    sink(stream, line);
  }
}

}  // namespace fresh::engine
