#include "cli/day_session.h"
#include "cli/output.h"
#include "cli/raw_terminal.h"
#include "cli/rows.h"
#include "cli/table.h"
#include "cli/verbs.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

namespace fresh::cli {
namespace {

using nlohmann::json;

void show(engine::Stream stream, std::string_view bytes) {
  put(stream == engine::Stream::err ? stderr : stdout, bytes);
  require_output("the command in the container may still run: fresh-clone top");
}

std::string without_prefix(const std::string& id) {
  return id.substr(0, 12);
}

}  // namespace

int talk(const Arguments& arguments, const TalkVerb& verb) {
  DaySession open(arguments);
  const bool terminal = !verb.no_terminal && is_interactive() && !verb.no_input;
  const engine::Conversation conversation{.input = verb.no_input ? -1 : STDIN_FILENO, .size = terminal_size};
  switch (verb.action) {
    case TalkVerb::Action::exec: {
      engine::ExecRequest command = verb.command;
      if (verb.detach) {
        open.day.exec_detached(verb.choice, command);
        return 0;
      }
      command.tty = terminal;
      const RawTerminal raw(terminal);
      return open.day.exec(verb.choice, command, conversation, show);
    }
    case TalkVerb::Action::attach: {
      const RawTerminal raw(terminal && open.day.has_terminal(verb.choice));
      return open.day.attach(verb.choice, conversation, show);
    }
    case TalkVerb::Action::run:
      break;
  }
  pipeline::OneOffRequest request = verb.one_off;
  request.tty = terminal && !request.detach;
  engine::Conversation around = conversation;
  around.input = request.detach ? -1 : around.input;
  std::optional<RawTerminal> raw;
  return open.day.run_one_off(
      request, around, [&](engine::Stream stream, std::string_view bytes) { show(stream, bytes); },
      [&] { raw.emplace(request.tty); });
}

int copy(const Arguments& arguments, const CopyVerb& verb) {
  DaySession open(arguments);
  open.day.copy(verb.from, verb.to, verb.index, verb.follow_link);
  return base::number(base::ExitCode::pass);
}

int service_images(const Arguments& arguments, const ServiceImagesVerb& verb) {
  DaySession open(arguments);
  using Action = ServiceImagesVerb::Action;
  std::vector<std::pair<pipeline::ServiceImage, std::int64_t>> images;
  const auto take = [&](std::vector<pipeline::ServiceImage> made) {
    for (auto& one : made) {
      images.emplace_back(std::move(one), 0);
    }
  };
  switch (verb.action) {
    case Action::build:
      take(open.day.build(verb.build));
      if (verb.push) {
        open.day.push(verb.services, verb.with_dependencies, false);
      }
      break;
    case Action::pull:
      take(open.day.pull(verb.services, verb.with_dependencies, verb.policy, verb.ignore_failures));
      break;
    case Action::push:
      take(open.day.push(verb.services, verb.with_dependencies, verb.ignore_failures));
      break;
    case Action::list:
      for (auto& [one, image] : open.day.service_images(verb.services)) {
        images.emplace_back(std::move(one), image ? image->size : 0);
      }
      break;
  }
  const bool lists = verb.action == Action::list;
  if (arguments.json) {
    json list = json::array();
    for (const auto& [one, size] : images) {
      json item{{"service", one.service}, {"image", one.image}, {"id", one.id}};
      if (lists) {
        item["size"] = size;
      }
      list.push_back(std::move(item));
    }
    print(stdout, "{}\n", json{{"images", list}}.dump(2));
  } else if (lists && verb.quiet) {
    for (const auto& [one, size] : images) {
      print(stdout, "{}\n", one.id);
    }
  } else if (lists && !verb.format.empty()) {
    std::vector<nlohmann::ordered_json> rows;
    for (const auto& [one, size] : images) {
      rows.push_back(row_of(one, size));
    }
    print(stdout, "{}", RowTemplate(verb.format, columns_of("images")).text_of(rows));
  } else if (!verb.quiet) {
    std::vector<std::vector<std::string>> rows{{"SERVICE", "IMAGE", "ID"}};
    if (lists) {
      rows[0].emplace_back("MIB");
    }
    for (const auto& [one, size] : images) {
      rows.push_back({one.service, one.image, one.id.empty() ? "missing" : without_prefix(one.id)});
      if (lists) {
        rows.back().push_back(std::to_string(size >> 20));
      }
    }
    print(stdout, "{}", table(rows));
  }
  return base::number(base::ExitCode::pass);
}

}  // namespace fresh::cli
