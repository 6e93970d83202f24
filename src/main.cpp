#include "cli/program.h"

#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace {

/// A pipe or file that is opened later must not become the standard input or output of a program that was
/// started with those closed: what is written would go into it. The null device takes their places, for
/// reading alone, so that writing to a closed output still fails.
void fill_closed_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0) {
      ::open("/dev/null", O_RDONLY);  // takes the lowest number that is free
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  fill_closed_descriptors();
  return fresh::cli::run_program(std::vector<std::string>(argv + 1, argv + argc), environ);
}
