#pragma once

#include "base/clock.h"
#include "engine/http.h"

#include <string>
#include <string_view>

namespace fresh::engine {

/// `GET /info`: a request as messages name it, without its query.
std::string shown_target(const Request& request);

/// GET and HEAD: what may be asked a second time.
bool may_repeat(const Request& request);

/// The failures of an exchange, in the words of every transport. `peer` is who was asked: `engine`, `vault`.
[[noreturn]] void broke_off(const std::string& peer, const Request& request, int status,
                            std::string_view why);
[[noreturn]] void out_of_time(const std::string& peer, const Request& request, int status,
                              base::Milliseconds deadline);

/// Where an answer goes as it comes: header lines, then the bytes of its body, to the request's callbacks or
/// into the Answer.
class AnswerSink {
 public:
  AnswerSink(const Request& request, const std::string& peer) : request_(request), peer_(peer) {}

  /// A line without its break; the empty one ends the header. A status line begins a new header.
  void header_line(std::string_view line);
  /// Throws EngineError (cut) when a body that is collected grows beyond 64 MiB.
  void body(std::string_view bytes);
  /// Throws EngineError (cut) when nothing in the header says where the body ends, unless that is agreed.
  void require_an_end() const;

  Answer& answer() { return answer_; }
  const Answer& answer() const { return answer_; }

 private:
  const Request& request_;
  const std::string& peer_;
  Answer answer_;
  bool accepted_ = false;
};

}  // namespace fresh::engine
