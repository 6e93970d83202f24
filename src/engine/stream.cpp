#include "engine/stream.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::engine {
namespace {

constexpr std::size_t line_limit = 16UL * 1024 * 1024;

[[noreturn]] void cut(std::string message) {
  throw EngineError(base::ExitCode::machine, Fault::cut, 200, std::move(message),
                    "look whether the engine was stopped or killed");
}

}  // namespace

void LineSplitter::feed(std::string_view bytes) {
  for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    const auto piece = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (rest_.empty()) {
      on_line_(piece);
    } else {
      rest_ += piece;
      const std::string line = std::move(rest_);
      rest_.clear();
      on_line_(line);
    }
  }
  if (rest_.size() + bytes.size() > line_limit) {
    cut(fmt::format("the engine sent a line of more than {} MiB", line_limit >> 20));
  }
  rest_ += bytes;
}

void LineSplitter::finish() {
  if (!rest_.empty()) {
    const std::string line = std::move(rest_);
    rest_.clear();
    on_line_(line);
  }
}

void Demultiplexer::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (left_ > 0) {
      const auto count = std::min(left_, bytes.size());
      sink_(header_[0] == 2 ? Stream::err : Stream::out, bytes.substr(0, count));
      bytes.remove_prefix(count);
      left_ -= count;
      continue;
    }
    header_[header_size_++] = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (header_size_ == header_.size()) {
      header_size_ = 0;
      if (header_[0] > 2 || header_[1] != 0 || header_[2] != 0 || header_[3] != 0) {
        cut("the engine's stream is not made of frames");
      }
      left_ = (std::size_t{header_[4]} << 24) | (std::size_t{header_[5]} << 16) |
              (std::size_t{header_[6]} << 8) | std::size_t{header_[7]};
    }
  }
}

void Demultiplexer::finish() const {
  if (header_size_ != 0 || left_ != 0) {
    cut(fmt::format("the engine's stream ended inside a frame, {} bytes early",
                    left_ != 0 ? left_ : header_.size() - header_size_));
  }
}

}  // namespace fresh::engine
