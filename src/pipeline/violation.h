#pragma once

#include <fmt/core.h>

#include <string>

namespace fresh::pipeline {

/// Something that was declared and does not hold.
struct Violation {
  std::string subject;  ///< `contract:analytics-api`, `service:janusgraph`, `counts.person`
  std::string expected;
  std::string found;
  std::string place = {};   ///< of the declaration, `fresh-clone.yaml:63:5`; empty where the subject says it
  std::string remedy = {};  ///< what mends it, where that is known
};

/// `fresh-clone.yaml:63:5: contract:api: expected port 8000 is open, found nothing listens on it`.
inline std::string sentence(const Violation& violation) {
  return fmt::format("{}{}{}: expected {}, found {}", violation.place, violation.place.empty() ? "" : ": ",
                     violation.subject, violation.expected, violation.found);
}

/// The remedy where a service's own words say what is wrong.
inline std::string read_log_of(const std::string& service) {
  return "read what it wrote: fresh-clone logs " + service;
}

}  // namespace fresh::pipeline
