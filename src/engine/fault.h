#pragma once

#include "engine/engine_error.h"

#include <string>
#include <string_view>

namespace fresh::engine {

/// What went wrong, from the HTTP status and the engine's own words. Podman answers 500 to nearly everything,
/// so the words come first.
Fault classify(int status, std::string_view text);

/// One action that leads to the mend, or empty.
std::string hint_for(Fault fault, std::string_view text);

/// The words of an error answer: `message` of JSON (both engines), else the first line of text or HTML
/// without tags.
std::string error_text(std::string_view body);

/// The first number that follows `word`, as in `exit status 7`; -1 without one.
int number_after(std::string_view text, std::string_view word);

/// A refusal: `what` was asked (`creating container 'web'`), `text` is the engine's answer.
EngineError refusal(int status, std::string_view what, std::string_view text);

}  // namespace fresh::engine
