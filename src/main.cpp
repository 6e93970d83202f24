#include "cli/program.h"

#include <string>
#include <vector>

extern char** environ;

int main(int argc, char** argv) {
  return fresh::cli::run_program(std::vector<std::string>(argv + 1, argv + argc), environ);
}
