#pragma once

#include "compose/interpolate.h"
#include "compose/load.h"
#include "compose/reset.h"
#include "document/node.h"

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace fresh::compose {

/// What one set of files is loaded with; an included project has its own.
struct Scope {
  std::filesystem::path folder;                      ///< what relative paths begin at
  const Lookup& lookup;                              ///< for interpolation
  std::vector<std::filesystem::path> included = {};  ///< the files on the way here
  std::filesystem::path included_by = {};            ///< the folder of the project that includes this one
};

/// Turns files into one tree in the long form, phase by phase in the order of the reference (1.3):
/// interpolate, extends, include, merge, uniqueness, schema, long form, uniqueness, defaults, paths. Throws
/// base::Error with the place.
class ModelLoader {
 public:
  explicit ModelLoader(const LoadRequest& request, std::string home)
      : request_(request),
        home_(std::move(home)),
        documents_(request.documents ? request.documents : std::make_shared<Documents>()) {}

  /// The documents of a file as they are written; read once.
  const std::vector<document::Node>& documents(const std::filesystem::path& file);
  document::Node load(const std::vector<std::filesystem::path>& files, const Scope& scope);

  /// Variables that were used, are not set and have no default.
  const std::set<std::string>& unset() const { return unset_; }
  /// What is odd and yet loads, once each.
  const std::vector<std::string>& warnings() const { return warnings_; }
  /// Files beside those that were asked for.
  const std::vector<std::filesystem::path>& more_files() const { return more_files_; }

  /// How errors call a file.
  std::string shown(const std::filesystem::path& file) const;
  /// Refuses a file that is not there.
  std::string read(const std::filesystem::path& file) const;

 private:
  using Tags = std::vector<TreePath>;
  /// The services of a file that others extend.
  struct Bases {
    document::Node root;
    Tags tags;
  };
  struct Extending {
    const Scope& scope;
    std::filesystem::path file;
    document::Node& services;
    Tags tags;
    std::vector<std::string> chain;  ///< `service in file`, outermost first
  };

  void add(document::Node file, const std::filesystem::path& path, const Scope& scope, document::Node& root);
  void interpolate_document(document::Node& node, const Scope& scope);
  void warn(std::string text);

  // extends.cpp
  void apply_extends(document::Node& file, const std::filesystem::path& path, const Scope& scope,
                     const Tags& tags);
  void extend(const std::string& name, Extending& extending);
  Bases& bases_of(const std::filesystem::path& file, const Scope& scope, const document::Node& asked);

  // include.cpp
  void apply_include(document::Node& file, const std::filesystem::path& path, const Scope& scope);
  document::Node included(const document::Node& entry, const std::filesystem::path& by, const Scope& scope);

  const LoadRequest& request_;
  std::string home_;
  std::set<std::string> unset_;
  std::vector<std::string> warnings_;
  std::vector<std::filesystem::path> more_files_;
  std::shared_ptr<Documents> documents_;
  std::map<std::filesystem::path, Bases> bases_;
};

/// The variables of env files; `lookup` and earlier files are asked first where a value names a variable.
std::map<std::string, std::string, std::less<>> read_env_files(
    const std::vector<std::filesystem::path>& files, const ModelLoader& loader, const Lookup& lookup);

}  // namespace fresh::compose
