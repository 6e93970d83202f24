#pragma once

#include "engine/engine.h"

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace fresh::engine {

/// Cuts bytes into lines, whatever the pieces they come in. Throws EngineError(cut) for a line beyond 16 MiB.
class LineSplitter {
 public:
  explicit LineSplitter(std::function<void(std::string_view line)> on_line) : on_line_(std::move(on_line)) {}

  void feed(std::string_view bytes);
  /// Hands over what came after the last line end, if anything.
  void finish();

 private:
  std::function<void(std::string_view)> on_line_;
  std::string rest_;
};

/// Takes the frames of a multiplexed stream apart: 8 bytes of header (stream, three zeros, length
/// big-endian), payload (Docker Engine API, ContainerAttach, stream format). Payload is handed over as it
/// comes, never held.
class Demultiplexer {
 public:
  explicit Demultiplexer(StreamSink sink) : sink_(std::move(sink)) {}

  /// Throws EngineError(cut) when the bytes are no frames.
  void feed(std::string_view bytes);
  /// Throws EngineError(cut) when the stream ended inside a frame.
  void finish() const;

 private:
  StreamSink sink_;
  std::array<unsigned char, 8> header_{};
  std::size_t header_size_ = 0;
  std::size_t left_ = 0;
};

}  // namespace fresh::engine
