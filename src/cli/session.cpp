#include "cli/session.h"

#include "cli/output.h"

#include <fmt/core.h>

#include <unistd.h>

namespace fresh::cli {
namespace {

/// Whether Ctrl-C ends what the verb has started, and not the verb alone.
bool stops_the_stack(const Arguments& arguments) {
  const auto* up = std::get_if<UpVerb>(&arguments.verb);
  return up != nullptr && up->attach.has_value();
}

const char* first_words(bool stops_stack) {
  return stops_stack
             ? "interrupted: stopping the containers. Press Ctrl-C again to kill them"
             : "interrupted: stopping; what is written stays. Press Ctrl-C again twice to end at once";
}

const char* second_words(bool stops_stack) {
  return stops_stack ? "killing the containers; once more ends at once and leaves them"
                     : "still stopping; once more ends at once and leaves containers behind";
}

}  // namespace

Session::Session(const Arguments& arguments)
    : painter_(make_painter(arguments.progress, stderr,
                            wants_colour(STDERR_FILENO, arguments.surroundings.variables))),
      subscription_(bus_.listen([this](const base::Event& event) { painter_->paint(event); })),
      signals_(
          [stack = stops_the_stack(arguments)](int /*signal*/) { print(stderr, "{}\n", first_words(stack)); },
          [stack = stops_the_stack(arguments)](int /*signal*/) {
            print(stderr, "{}\n", second_words(stack));
          }) {}

}  // namespace fresh::cli
