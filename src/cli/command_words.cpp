#include "base/error.h"
#include "cli/verb_options.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::cli {
namespace {

using base::Error;
using base::ExitCode;

/// Whether the option takes a value in the next word.
bool takes_value(const CLI::App& app, const CLI::App& verb, const std::string& name) {
  const CLI::Option* known = verb.get_option_no_throw(name);
  known = known == nullptr ? app.get_option_no_throw(name) : known;
  return known != nullptr && known->get_items_expected_max() > 0;
}

/// How many words an option at the beginning of `rest` takes.
std::size_t option_words(const CLI::App& app, const CLI::App& verb, const std::string& word) {
  if (word.starts_with("--")) {
    return word.find('=') == std::string::npos && takes_value(app, verb, word) ? 2 : 1;
  }
  for (std::size_t letter = 1; letter < word.size(); ++letter) {
    if (takes_value(app, verb, std::string("-") + word[letter])) {
      return letter + 1 == word.size() ? 2 : 1;
    }
  }
  return 1;
}

}  // namespace

std::vector<std::string> cut_command(const CLI::App& app, std::vector<std::string>& words) {
  const CLI::App* verb = &app;
  for (std::size_t i = 0; i < words.size();) {
    if (words[i].size() > 1 && words[i].front() == '-') {
      i += option_words(app, *verb, words[i]);
    } else if (verb != &app) {
      std::vector<std::string> command(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      words.resize(i + 1);
      if (!command.empty() && command.front() == "--") {
        command.erase(command.begin());
      }
      return command;
    } else if (words[i] == "exec" || words[i] == "run") {
      verb = app.get_subcommand(words[i++]);
    } else {
      break;
    }
  }
  return {};
}

void check_run(const CLI::App& run, const std::set<const CLI::Option*>& of_job,
               const std::vector<std::string>& words) {
  const bool one_off = run.get_option("service")->count() > 0;
  for (const CLI::Option* known : run.get_options()) {
    const bool given = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return word.starts_with('-') && known->check_name(word.substr(0, word.find('=')));
    });
    if (!given || known->check_name("--help") || of_job.contains(known) != one_off) {
      continue;
    }
    throw Error(ExitCode::usage,
                fmt::format("{} {}", known->get_name(),
                            one_off ? "belongs to the job, not to the command of a service"
                                    : "belongs to the command of a service, and none is named"),
                one_off ? "leave out the service, or the option"
                        : "write: fresh-clone run [OPTIONS] SERVICE COMMAND");
  }
}

}  // namespace fresh::cli
