#pragma once

#include "cli/session.h"
#include "pipeline/day.h"

namespace fresh::cli {

/// A session with the project that the command line names.
struct DaySession {
  explicit DaySession(const Arguments& arguments)
      : session(arguments), day(arguments.surroundings, session.bus(), session.clock(), session.stop()) {}
  Session session;
  pipeline::Day day;
};

}  // namespace fresh::cli
