#include "cli/program.h"

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/verbs.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <exception>
#include <filesystem>
#include <map>
#include <string_view>
#include <variant>

namespace fresh::cli {
namespace {

using base::Error;
using base::ExitCode;

std::map<std::string, std::string> variables(const char* const* environment) {
  std::map<std::string, std::string> result;
  for (; *environment != nullptr; ++environment) {
    const std::string_view line(*environment);
    if (const auto equals = line.find('='); equals != std::string_view::npos) {
      result.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
  }
  return result;
}

int render(const Error& error, bool json) {
  if (json) {
    const nlohmann::json object{{"error",
                                 {{"code", base::number(error.code())},
                                  {"message", error.message()},
                                  {"trace", error.doing()},
                                  {"hint", error.hint()}}}};
    print(stdout, "{}\n", object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    print(stderr, "{}", error.render());
  }
  return base::number(error.code());
}

}  // namespace

int run_program(const std::vector<std::string>& words, const char* const* environment) {
  // A closed pipe is an error of a write, not the end of the run: outputs are still written.
  std::signal(SIGPIPE, SIG_IGN);
  bool json = false;
  bool is_job = false;
  try {
    const Arguments arguments = parse(words, variables(environment));
    json = arguments.json;
    is_job = std::holds_alternative<RunVerb>(arguments.verb);
    const int code = run_verb(arguments);
    if (output_unread() && !is_job && code == base::number(ExitCode::pass)) {
      end_unread();
    }
    if (output_failed() && (is_job || !output_unread())) {
      throw Error(ExitCode::outputs, "standard output cannot be written: the result is lost",
                  "check where it is sent to");
    }
    return code;
  } catch (const Error& error) {
    if (error.code() == ExitCode::outputs && output_unread() && !is_job) {
      end_unread();
    }
    return render(error, json);
  } catch (const std::filesystem::filesystem_error& error) {
    return render(Error(ExitCode::precheck, error.what(), "mend the path"), json);
  } catch (const std::exception& error) {
    print(stderr, "error: {}\n  hint: this is a bug in fresh-clone; please report it with the command line\n",
          error.what());
    return base::number(ExitCode::bug);
  }
}

}  // namespace fresh::cli
