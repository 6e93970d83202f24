#include "images/provide.h"

#include "base/doing.h"
#include "images/graph.h"
#include "images/order.h"
#include "images/workbench.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

namespace fresh::images {
namespace {

std::string fetch_task(const std::string& image) {
  return fmt::format("inputs of {}", image);
}

/// The images that fetches run in, and all those need.
std::set<std::string> needed_by_fetches(const std::vector<ImageSpec>& specs) {
  std::vector<std::string> wanted;
  for (const ImageSpec& spec : specs) {
    const auto* build = std::get_if<BuildSource>(&spec.source);
    if (build != nullptr && build->fetch) {
      wanted.push_back(build->fetch->image);
    }
  }
  std::set<std::string> names;
  if (!wanted.empty()) {
    for (const ImageSpec& spec : needed_for(specs, wanted)) {
      names.insert(spec.name);
    }
  }
  return names;
}

/// What a fetch or a lock needs on the engine: bases and pulled images, and those that fetches run in.
std::vector<ImageSpec> without_builds(const std::vector<ImageSpec>& specs) {
  const std::set<std::string> of_fetches = needed_by_fetches(specs);
  std::vector<ImageSpec> result;
  std::copy_if(specs.begin(), specs.end(), std::back_inserter(result), [&](const ImageSpec& spec) {
    return !std::holds_alternative<BuildSource>(spec.source) || of_fetches.contains(spec.name);
  });
  return result;
}

/// The results as they come in, from several threads.
class Results {
 public:
  void add(ImageRecord record, std::vector<Drift> drift) {
    const std::scoped_lock lock(mutex_);
    drift_.insert(drift_.end(), drift.begin(), drift.end());
    records_.insert_or_assign(record.name, std::move(record));
  }
  ImageRecord at(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    return records_.at(name);
  }
  ImagesResult result() {
    ImagesResult result;
    for (auto& [name, record] : records_) {
      result.images.push_back(std::move(record));
    }
    std::sort(drift_.begin(), drift_.end());
    result.drift = std::move(drift_);
    return result;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, ImageRecord> records_;
  std::vector<Drift> drift_;
};

void provide_one(const Workbench& bench, const ImageSpec& spec, Results& results) {
  std::vector<Drift> drift;
  ImageRecord record;
  if (const auto* base = std::get_if<BaseSource>(&spec.source)) {
    record = provide_base(bench, spec, *base, drift);
  } else if (const auto* build = std::get_if<BuildSource>(&spec.source)) {
    record = provide_build(bench, spec, *build, results.at(build->from));
  } else {
    record = provide_pull(bench, spec, std::get<PullSource>(spec.source));
  }
  results.add(std::move(record), std::move(drift));
}

}  // namespace

ImagesResult provide(const std::vector<ImageSpec>& specs, engine::Engine& engine,
                     const ProvideOptions& options) {
  const base::Doing doing("providing the images of project '{}'", options.project);
  const std::vector<ImageSpec> wanted = in_order(needed_for(specs, options.only));
  const bool builds = options.steps == Steps::all || options.steps == Steps::build;
  const InputCache cache(options.cache_folder);
  const std::string architecture = architecture_for(wanted, engine, options);
  Results results;
  const auto bench_for = [&](const std::stop_token& stop, ProvideOptions& own) {
    own.stop = stop;
    return Workbench{engine, own, cache, architecture};
  };

  const auto image_task = [&](const ImageSpec& spec) {
    std::vector<std::string> after = parents_of(spec);
    after.push_back(fetch_task(spec.name));
    return Task{spec.name, std::move(after), [&, spec](const std::stop_token& stop) {
                  ProvideOptions own = options;
                  provide_one(bench_for(stop, own), spec, results);
                }};
  };
  const auto inputs_task = [&](const ImageSpec& spec, const BuildSource& build) {
    return Task{fetch_task(spec.name), {build.fetch->image}, [&, spec](const std::stop_token& stop) {
                  ProvideOptions own = options;
                  provide_inputs(bench_for(stop, own), spec, std::get<BuildSource>(spec.source));
                }};
  };

  // What fetches need comes first, then the fetches: they wait for the network while the rest works.
  std::vector<Task> for_fetches;
  std::vector<Task> fetches;
  std::vector<Task> others;
  const std::set<std::string> fetch_images = needed_by_fetches(wanted);
  for (const ImageSpec& spec : builds ? wanted : in_order(without_builds(wanted))) {
    (fetch_images.contains(spec.name) ? for_fetches : others).push_back(image_task(spec));
  }
  for (const ImageSpec& spec : wanted) {
    const auto* build = std::get_if<BuildSource>(&spec.source);
    if (build != nullptr && build->fetch && options.steps != Steps::build) {
      fetches.push_back(inputs_task(spec, *build));
    }
  }
  std::vector<Task> tasks = std::move(for_fetches);
  std::move(fetches.begin(), fetches.end(), std::back_inserter(tasks));
  std::move(others.begin(), others.end(), std::back_inserter(tasks));
  run_tasks(std::move(tasks), options.jobs, options.stop);
  return results.result();
}

}  // namespace fresh::images
