#include "cli/raw_terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace fresh::cli {

struct RawTerminal::Saved {
  termios settings{};
};

RawTerminal::RawTerminal(bool wanted) {
  termios now{};
  if (!wanted || ::tcgetattr(STDIN_FILENO, &now) != 0) {
    return;
  }
  saved_ = std::make_unique<Saved>(Saved{now});
  ::cfmakeraw(&now);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
}

RawTerminal::~RawTerminal() {
  if (saved_ != nullptr) {
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &saved_->settings);
  }
}

bool is_interactive() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

std::optional<engine::TerminalSize> terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) {
    return std::nullopt;
  }
  return engine::TerminalSize{.rows = size.ws_row, .columns = size.ws_col};
}

}  // namespace fresh::cli
