#pragma once

#include "base/error.h"

#include <string>

namespace fresh::engine {

/// What went wrong, independent of the dialect: Podman answers 500 where Docker answers 404 or 409
/// (both are measured in tests/engines).
enum class Fault {
  unreachable,  ///< no connection: socket missing, refused, no permission
  untrusted,    ///< the certificate of the other side does not verify
  timed_out,    ///< the deadline of the request passed
  cut,          ///< the answer ended before it was complete
  not_found,
  conflict,  ///< name in use, already exists, in use
  port_taken,
  bad_request,
  unauthorized,
  no_space,
  failed,  ///< any other refusal, or an error frame inside a 200 stream
};

/// The engine refused or could not be asked. `status` is the HTTP status, 0 without an answer.
class EngineError : public base::Error {
 public:
  EngineError(base::ExitCode code, Fault fault, int status, std::string message, std::string hint = {})
      : Error(code, std::move(message), std::move(hint)), fault_(fault), status_(status) {}

  Fault fault() const { return fault_; }
  /// Whether the engine went away: nobody to ask, or an answer that broke off. That is no refusal of what was
  /// asked.
  bool is_lost() const { return fault_ == Fault::unreachable || fault_ == Fault::cut; }
  int status() const { return status_; }

 private:
  Fault fault_;
  int status_;
};

}  // namespace fresh::engine
