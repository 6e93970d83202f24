#pragma once

#include "cli/arguments.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

/// How the families of verbs describe their options; the only header that knows CLI11.
namespace fresh::cli {

/// The subcommands of the program. Those that no word of the command line names get neither options nor a
/// footer: describing all of them took longer than most commands do.
class Verbs {
 public:
  /// `words` of the command line; both must outlive this.
  Verbs(CLI::App& app, const std::vector<std::string>& words) : app_(app), words_(words) {}

  /// Adds a subcommand with the footer of its page; nothing when no word names it.
  CLI::App* add(const std::string& name, const std::string& description);

 private:
  CLI::App& app_;
  const std::vector<std::string>& words_;
};

/// Refuses what is no whole number from `least` to `largest`, in words; CLI11's own range tells a slip and a
/// wrong number alike.
CLI::Validator whole_number(std::int64_t least, std::int64_t largest);

/// Takes these words alone; another is refused by base::Error (usage) that names `flag` and the nearest word.
CLI::Validator one_of(const std::string& flag, const std::vector<std::string>& words);

/// What `--format` of a verb that lists means: sets `json`, or returns the template; empty for a table.
/// Throws base::Error (usage) for a template that cannot be filled.
std::string checked_format(const std::string& verb, const std::string& format, bool& json);

/// Cuts what follows SERVICE of `exec` and `run` off: those words are the command's, whatever they look like.
std::vector<std::string> cut_command(const CLI::App& app, std::vector<std::string>& words);

/// `run` is two commands: refuses options of one that stand with the other.
void check_run(const CLI::App& run, const std::set<const CLI::Option*>& of_job,
               const std::vector<std::string>& words);

/// More than any machine has: only so that the refusal of a slip names a range that people can read.
inline constexpr std::int64_t most = 1'000'000'000;

/// Options of the verbs of the stack write into drafts that live as long as this; `finish` then makes the
/// verb.
class StackVerbs {
 public:
  StackVerbs();
  StackVerbs(const StackVerbs&) = delete;
  StackVerbs& operator=(const StackVerbs&) = delete;
  ~StackVerbs();

  /// Adds every verb of the stack; `run`, where it is meant, has the options of the job already and gets
  /// those of a one-off container.
  void add(Verbs& verbs, CLI::App* run);
  /// Puts the verb that was parsed into `result`; `command` are the words after SERVICE of `exec` and `run`.
  /// False when `name` is none of these verbs, or `run` without a service.
  bool finish(const std::string& name, const std::vector<std::string>& command, Arguments& result);

 private:
  void add_bring_up(Verbs& verbs);
  void add_attach(CLI::App& up);
  void add_containers(Verbs& verbs);
  void add_looks(Verbs& verbs);
  void add_talks(Verbs& verbs);
  void add_one_off(CLI::App& run);
  void add_images(Verbs& verbs);
  /// `up`, `create`, `scale` and `plan`.
  void finish_up(const std::string& name, Arguments& result);
  /// What only looks, but for `logs`.
  void finish_look(const std::string& name);
  void finish_logs();
  void finish_talk(const std::string& name, const std::vector<std::string>& command,
                   const std::map<std::string, std::string>& variables);

  struct Draft;
  std::unique_ptr<Draft> draft_;
};

}  // namespace fresh::cli
