#pragma once

#include "engine/types.h"

#include <memory>
#include <optional>

namespace fresh::cli {

/// While it lives, the terminal of standard input hands every key on as it is, Ctrl-C too: the program in the
/// container has the say. Without a terminal it does nothing.
class RawTerminal {
 public:
  explicit RawTerminal(bool wanted);
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;
  ~RawTerminal();

 private:
  struct Saved;
  std::unique_ptr<Saved> saved_;
};

/// Whether both standard input and standard output are terminals.
bool is_interactive();

/// The size of the terminal behind standard output.
std::optional<engine::TerminalSize> terminal_size();

}  // namespace fresh::cli
