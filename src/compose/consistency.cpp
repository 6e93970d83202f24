#include "compose/consistency.h"

#include "compose/tree.h"
#include "document/refuse.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace fresh::compose {
namespace {

using document::Entry;
using document::Node;

const Node* at(const Node& node, std::initializer_list<std::string_view> path) {
  const Node* found = &node;
  for (const auto key : path) {
    found = found == nullptr ? nullptr : found->find(key);
  }
  return found;
}

std::string text_at(const Node& node, std::initializer_list<std::string_view> path) {
  const Node* found = at(node, path);
  return found == nullptr ? std::string() : found->scalar;
}

const std::vector<Node>& items_at(const Node& node, std::initializer_list<std::string_view> path) {
  static const std::vector<Node> none;
  const Node* found = at(node, path);
  return found == nullptr ? none : found->items;
}

const std::vector<Entry>& entries_at(const Node& node, std::initializer_list<std::string_view> path) {
  static const std::vector<Entry> none;
  const Node* found = at(node, path);
  return found == nullptr ? none : found->entries;
}

bool is_set(const Node* number) {
  return number != nullptr && number->scalar != "0";
}

class Consistency {
 public:
  Consistency(const Node& root, const std::vector<std::string>& inactive) : root_(root), inactive_(inactive) {
    for (const auto& entry : entries_at(root, {"services"})) {
      if (!std::binary_search(inactive.begin(), inactive.end(), entry.key)) {
        active_.emplace(entry.key, &entry.value);
      }
    }
  }

  void check() {
    for (const auto& [name, node] : active_) {
      name_ = &name;
      check_source(*node);
      check_build(*node);
      check_networks(*node);
      check_health(*node);
      check_dependencies(*node);
      check_references(*node);
      check_numbers(*node);
      check_watch(*node);
    }
    check_secrets();
    for (const auto& entry : active_) {
      std::vector<std::string> open;
      check_cycles(entry.first, open);
    }
  }

 private:
  std::string service() const { return fmt::format("service '{}'", *name_); }

  std::vector<std::string> names_in(std::string_view top) const {
    std::vector<std::string> names;
    for (const auto& entry : entries_at(root_, {top})) {
      names.push_back(entry.key);
    }
    return names;
  }

  void need(const Node& where, std::string_view top, const std::string& name, std::string_view what) const {
    if (at(root_, {top, name}) != nullptr) {
      return;
    }
    document::refuse(where.place, fmt::format("{} refers to undefined {} '{}'", service(), what, name),
                     document::nearest_hint(name, names_in(top),
                                            fmt::format("define it under '{}:', or mend the name", top)));
  }

  void check_source(const Node& node) const {
    if (node.find("build") == nullptr && text_at(node, {"image"}).empty() &&
        node.find("provider") == nullptr) {
      document::refuse(node.place, fmt::format("{} has neither an image nor a build", service()),
                       "add 'image:' or 'build:'");
    }
  }

  void check_build(const Node& node) const {
    const Node* build = node.find("build");
    if (build == nullptr) {
      return;
    }
    if (!text_at(*build, {"dockerfile"}).empty() && !text_at(*build, {"dockerfile_inline"}).empty()) {
      document::refuse(build->find("dockerfile_inline")->place,
                       fmt::format("{} has both 'dockerfile' and 'dockerfile_inline'", service()),
                       "keep one of the two");
    }
    for (const auto& entry : entries_at(*build, {"additional_contexts"})) {
      if (entry.value.scalar.starts_with("service:")) {
        const std::string other = entry.value.scalar.substr(8);
        need_active(entry.value, other, "builds from");
        if (active_.at(other)->find("build") == nullptr) {
          document::refuse(entry.value.place,
                           fmt::format("{} builds from '{}', which has no build", service(), other),
                           fmt::format("give '{}' a build, or name its image", other));
        }
      }
    }
    const auto& platforms = items_at(*build, {"platforms"});
    const std::string platform = text_at(node, {"platform"});
    if (!platforms.empty() && !platform.empty() &&
        std::none_of(platforms.begin(), platforms.end(),
                     [&](const Node& one) { return one.scalar == platform; })) {
      document::refuse(node.find("platform")->place,
                       fmt::format("{} runs on '{}', which its build has not", service(), platform),
                       "add it to 'build.platforms'");
    }
    for (const auto& secret : items_at(*build, {"secrets"})) {
      need(secret, "secrets", text_at(secret, {"source"}), "secret");
    }
  }

  void check_networks(const Node& node) const {
    const std::string mode = text_at(node, {"network_mode"});
    const auto& networks = entries_at(node, {"networks"});
    if (!mode.empty() && !networks.empty()) {
      document::refuse(node.find("network_mode")->place,
                       fmt::format("{} has both 'network_mode' and 'networks'", service()),
                       "keep one of the two");
    }
    for (const auto& entry : networks) {
      need(entry.value, "networks", entry.key, "network");
    }
    if (mode.starts_with("service:")) {
      need_active(*node.find("network_mode"), mode.substr(8), "shares the network of");
    }
  }

  void check_health(const Node& node) const {
    const auto& test = items_at(node, {"healthcheck", "test"});
    if (!test.empty() && test[0].scalar != "CMD" && test[0].scalar != "CMD-SHELL" &&
        test[0].scalar != "NONE") {
      document::refuse(test[0].place, "a healthcheck's 'test' must begin with CMD, CMD-SHELL or NONE",
                       "put CMD before the command, or write the command as one text");
    }
  }

  void need_active(const Node& where, const std::string& other, std::string_view how) const {
    if (active_.contains(other)) {
      return;
    }
    if (std::binary_search(inactive_.begin(), inactive_.end(), other)) {
      document::refuse(where.place,
                       fmt::format("{} {} '{}', which no active profile has", service(), how, other),
                       fmt::format("activate a profile of '{}'", other));
    }
    need(where, "services", other, "service");
  }

  void check_dependencies(const Node& node) const {
    for (const auto& entry : entries_at(node, {"depends_on"})) {
      const bool optional = text_at(entry.value, {"required"}) == "false";
      if (optional && std::binary_search(inactive_.begin(), inactive_.end(), entry.key)) {
        continue;
      }
      if (entry.key == *name_) {
        document::refuse(entry.value.place, fmt::format("{} depends on itself", service()),
                         "remove this dependency");
      }
      if (std::binary_search(inactive_.begin(), inactive_.end(), entry.key)) {
        document::refuse(entry.value.place,
                         fmt::format("{} depends on '{}', which no active profile has", service(), entry.key),
                         fmt::format("add a profile of '{}', or write 'required: false'", entry.key));
      }
      need(entry.value, "services", entry.key, "service");
    }
  }

  void check_references(const Node& node) const {
    for (const auto& mount : items_at(node, {"volumes"})) {
      if (text_at(mount, {"type"}) == "volume" && !text_at(mount, {"source"}).empty()) {
        need(mount, "volumes", text_at(mount, {"source"}), "volume");
      }
    }
    for (const auto& config : items_at(node, {"configs"})) {
      need(config, "configs", text_at(config, {"source"}), "config");
    }
    for (const auto& secret : items_at(node, {"secrets"})) {
      need(secret, "secrets", text_at(secret, {"source"}), "secret");
    }
    for (const auto& entry : entries_at(node, {"models"})) {
      need(entry.value, "models", entry.key, "model");
    }
  }

  /// Both ways to say the same must agree; a limit that `deploy` does not name counts as 0, as docker compose
  /// has it.
  void agree(const Node& node, std::string_view own, std::string_view group, std::string_view key) const {
    const Node* mine = node.find(own);
    const Node* theirs = at(node, {"deploy", "resources", group});
    if (!is_set(mine) || theirs == nullptr) {
      return;
    }
    const Node* value = theirs->find(key);
    if (value == nullptr || value->scalar != mine->scalar) {
      document::refuse(
          mine->place,
          fmt::format("{}: '{}' and 'deploy.resources.{}.{}' differ", service(), own, group, key),
          "keep one of the two");
    }
  }

  void check_numbers(const Node& node) const {
    const Node* scale = node.find("scale");
    const Node* replicas = at(node, {"deploy", "replicas"});
    if (scale != nullptr && replicas != nullptr && scale->scalar != replicas->scalar) {
      document::refuse(replicas->place, fmt::format("{}: 'scale' and 'deploy.replicas' differ", service()),
                       "keep one of the two");
    }
    agree(node, "cpus", "limits", "cpus");
    agree(node, "mem_limit", "limits", "memory");
    agree(node, "mem_reservation", "reservations", "memory");
    agree(node, "pids_limit", "limits", "pids");
    const Node* count = scale != nullptr ? scale : replicas;
    if (count != nullptr && count->integer() < 0) {
      document::refuse(count->place, fmt::format("{} cannot have {} containers", service(), count->scalar),
                       "write 0 or more");
    }
    if (count != nullptr && count->integer() > 1 && !text_at(node, {"container_name"}).empty()) {
      document::refuse(node.find("container_name")->place,
                       fmt::format("{} has a container_name and {} containers", service(), count->scalar),
                       "remove container_name, or scale to 1");
    }
  }

  void check_watch(const Node& node) const {
    for (const auto& watch : items_at(node, {"develop", "watch"})) {
      const std::string action = text_at(watch, {"action"});
      if (text_at(watch, {"path"}).empty()) {
        document::refuse(watch.find("path")->place, fmt::format("{} watches an empty path", service()),
                         "name a file or folder");
      }
      if (text_at(watch, {"target"}).empty() && action != "rebuild" && action != "restart") {
        document::refuse(watch.place,
                         fmt::format("{}: a watch that does '{}' needs a 'target'", service(), action),
                         "add 'target:', the path in the container");
      }
    }
  }

  void check_secrets() const {
    for (const auto& entry : entries_at(root_, {"secrets"})) {
      if (text_at(entry.value, {"external"}) != "true" && text_at(entry.value, {"file"}).empty() &&
          text_at(entry.value, {"environment"}).empty()) {
        document::refuse(entry.key_place,
                         fmt::format("the secret '{}' says nowhere where its content comes from", entry.key),
                         "give it 'file:' or 'environment:'");
      }
    }
  }

  void check_cycles(const std::string& name, std::vector<std::string>& open) {
    if (done_.contains(name) || !active_.contains(name)) {
      return;
    }
    const auto cycle = std::find(open.begin(), open.end(), name);
    const Node& node = *active_.at(name);
    if (cycle != open.end()) {
      std::vector<std::string> names(cycle, open.end());
      names.push_back(name);
      const Node* place = at(node, {"depends_on"});
      document::refuse((place == nullptr ? node : *place).place,
                       fmt::format("the dependencies go in a circle: {}", fmt::join(names, " -> ")),
                       "remove one of these dependencies");
    }
    if (open.size() > longest_chain) {
      document::refuse(node.place,
                       fmt::format("more than {} services depend on each other in a row", longest_chain),
                       "remove dependencies that others imply");
    }
    open.push_back(name);
    for (const auto& entry : entries_at(node, {"depends_on"})) {
      check_cycles(entry.key, open);
    }
    open.pop_back();
    done_.emplace(name, true);
  }

  static constexpr std::size_t longest_chain = 1000;
  const Node& root_;
  const std::vector<std::string>& inactive_;
  std::map<std::string, const Node*> active_;
  std::map<std::string, bool> done_;
  const std::string* name_ = nullptr;
};

}  // namespace

void check_consistency(const Node& root, const std::vector<std::string>& inactive) {
  Consistency(root, inactive).check();
}

}  // namespace fresh::compose
