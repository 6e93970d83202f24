#pragma once

#include "engine/answer_sink.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fresh::engine {

/// Reads one answer of HTTP/1.1 (RFC 9112) from the bytes of a connection, however they are cut into pieces.
/// Throws EngineError (cut) for what is none: no status line, a header beyond 256 KiB, a length that is no
/// number, chunks without sizes. What a callback of the request throws comes out.
class AnswerReader {
 public:
  /// With `upgrades` an answer of status 101 or 200 ends with its header: what follows is another protocol's.
  AnswerReader(const Request& request, const std::string& peer, bool upgrades = false);

  /// Takes bytes of the answer; returns how many belong to it, less than all when it is complete.
  std::size_t take(std::string_view bytes);
  /// The connection ended: right for a body without length or chunks, which is complete then. Throws for
  /// every other answer, and where none began.
  void end();

  bool is_complete() const { return state_ == State::complete; }
  /// True once any byte of the answer came.
  bool has_begun() const { return begun_; }
  /// True when the other side keeps the connection after this answer.
  bool keeps_connection() const { return keeps_; }
  Answer& answer() { return sink_.answer(); }

 private:
  enum class State { header, counted, chunk_size, chunk, chunk_end, trailer, until_end, complete };

  /// Moves the next line out of `bytes`; false when its end has not come yet.
  bool next_line(std::string_view& bytes);
  void header_line();
  void begin_body();
  void begin_chunk();
  void counted_bytes(std::string_view& bytes, State then);
  [[noreturn]] void refuse(std::string_view why) const;

  const Request& request_;
  const std::string& peer_;
  AnswerSink sink_;
  bool upgrades_;
  bool begun_ = false;
  bool keeps_ = true;
  State state_ = State::header;
  std::string line_;             ///< the line that is coming
  std::size_t header_size_ = 0;  ///< of all lines until now, those of chunks excepted
  std::uint64_t left_ = 0;       ///< bytes of the body or chunk that are to come
};

}  // namespace fresh::engine
