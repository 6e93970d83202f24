#pragma once

#include "base/event.h"
#include "cli/arguments.h"

#include <cstdio>
#include <memory>
#include <string>

namespace fresh::cli {

/// Turns the run's events into what the user watches. Progress goes to standard error; results to standard
/// output.
class Painter {
 public:
  virtual ~Painter() = default;
  virtual void paint(const base::Event& event) = 0;
};

/// The painter for `progress`; `automatic` is plain. `stream` is where it paints; colour only where `colour`
/// says so.
std::unique_ptr<Painter> make_painter(Progress progress, std::FILE* stream, bool colour);

/// The line of an event in the plain view, without colour; empty for events that it does not show.
std::string plain_line(const base::Event& event);

/// Colour only on a terminal that is not dumb and where NO_COLOR is unset or empty (no-color.org).
bool wants_colour(int descriptor, const std::map<std::string, std::string>& environment);

}  // namespace fresh::cli
