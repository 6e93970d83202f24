#pragma once

#include "engine/answer_reader.h"
#include "engine/unix_connection.h"

#include <string>

namespace fresh::engine {

/// How an exchange ended on its connection.
struct ExchangeEnd {
  std::string beyond = {};  ///< bytes that came behind the answer
  bool is_reusable = false;
  bool has_answer = true;  ///< false: the connection ended before any of it came
};

/// Sends the request, reads its answer into `reader`. Throws EngineError (timed_out at the deadline of
/// `call`, cut), base::Interrupted, and what a callback of the request throws.
ExchangeEnd carry(UnixConnection& connection, const Request& request, AnswerReader& reader,
                  const std::string& peer, const Call& call);

}  // namespace fresh::engine
