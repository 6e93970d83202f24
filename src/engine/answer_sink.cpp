#include "engine/answer_sink.h"

#include "base/lines.h"

#include <fmt/core.h>

#include <charconv>
#include <utility>

namespace fresh::engine {
namespace {

using base::ExitCode;

/// More than the largest honest answer (a list of thousands of containers), less than what hurts.
constexpr std::size_t body_limit = 64UL * 1024 * 1024;

}  // namespace

std::string shown_target(const Request& request) {
  return fmt::format("{} {}", request.method, request.target.substr(0, request.target.find('?')));
}

bool may_repeat(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

void broke_off(const std::string& peer, const Request& request, int status, std::string_view why) {
  throw EngineError(ExitCode::machine, Fault::cut, status,
                    fmt::format("the {}'s answer to {} broke off: {}", peer, shown_target(request), why),
                    fmt::format("look whether the {} was stopped or killed", peer));
}

void out_of_time(const std::string& peer, const Request& request, int status, base::Milliseconds deadline) {
  throw EngineError(
      ExitCode::deploy, Fault::timed_out, status,
      fmt::format("the {} did not finish {} within {}", peer, shown_target(request), base::shown(deadline)),
      fmt::format("look whether the {} hangs or the machine is overloaded", peer));
}

void AnswerSink::header_line(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    answer_.headers.clear();
    answer_.status = 0;
    const auto space = std::min(line.find(' '), line.size() - 1) + 1;
    std::from_chars(line.data() + space, line.data() + line.size(), answer_.status);
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    answer_.headers[base::lower(line.substr(0, colon))] = base::trimmed(line.substr(colon + 1));
  } else if (line.empty() && answer_.succeeded() && !std::exchange(accepted_, true) && request_.on_accepted) {
    request_.on_accepted();
  }
}

void AnswerSink::body(std::string_view bytes) {
  if (request_.on_body && answer_.succeeded()) {
    request_.on_body(bytes);
    return;
  }
  if (answer_.body.size() + bytes.size() > body_limit) {
    throw EngineError(ExitCode::machine, Fault::cut, answer_.status,
                      fmt::format("the {}'s answer to {} is larger than {} MiB", peer_,
                                  shown_target(request_), body_limit >> 20));
  }
  answer_.body += bytes;
}

void AnswerSink::require_an_end() const {
  // A body that has neither length nor chunks ends wherever the connection ends: nothing says it is whole.
  const auto& seen = answer_.headers;
  const bool framed = seen.contains("content-length") || seen.contains("transfer-encoding") ||
                      answer_.status == 204 || answer_.status == 304 || request_.method == "HEAD";
  if (!framed && !request_.ends_with_connection && answer_.succeeded()) {
    throw EngineError(ExitCode::machine, Fault::cut, answer_.status,
                      fmt::format("the {}'s answer to {} has no end: neither a length nor chunks", peer_,
                                  shown_target(request_)));
  }
}

}  // namespace fresh::engine
