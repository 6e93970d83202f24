#pragma once

#include "cli/session.h"
#include "engine/http.h"
#include "pipeline/day.h"

#include <memory>

namespace fresh::cli {

/// A session with the project that the command line names.
struct DaySession {
  enum class Speaks { with_engine, with_nobody };

  explicit DaySession(const Arguments& arguments, Speaks speaks = Speaks::with_engine)
      : preload(speaks == Speaks::with_engine ? std::make_unique<engine::HttpPreload>() : nullptr),
        session(arguments),
        day(arguments.surroundings, session.bus(), session.clock(), session.stop()) {}
  std::unique_ptr<engine::HttpPreload> preload;
  Session session;
  pipeline::Day day;
};

}  // namespace fresh::cli
