#include "cli/session.h"

#include "cli/output.h"

#include <fmt/core.h>

#include <unistd.h>

namespace fresh::cli {
namespace {

void say(const char* text) {
  print(stderr, "{}\n", text);
}

}  // namespace

Session::Session(const Arguments& arguments)
    : painter_(make_painter(arguments.progress, stderr,
                            wants_colour(STDERR_FILENO, arguments.surroundings.variables))),
      subscription_(bus_.listen([this](const base::Event& event) { painter_->paint(event); })),
      signals_(
          [](int /*signal*/) {
            say("interrupted: stopping; what is written stays. Press Ctrl-C again twice to end at once");
          },
          [](int /*signal*/) {
            say("still stopping; once more ends at once and leaves containers behind");
          }) {}

}  // namespace fresh::cli
