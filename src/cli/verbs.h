#pragma once

#include "cli/arguments.h"

namespace fresh::cli {

/// Runs the verb that was parsed and returns its exit code. Errors are thrown, not printed.
int run_verb(Arguments arguments);

int run(const Arguments& arguments, const RunVerb& verb);
int up(const Arguments& arguments, const UpVerb& verb);
int down(const Arguments& arguments, const DownVerb& verb);
int status(const Arguments& arguments);
int containers(const Arguments& arguments, const ContainerVerb& verb);
int look(const Arguments& arguments, const LookVerb& verb);
int logs(const Arguments& arguments, const LogsVerb& verb);
int talk(const Arguments& arguments, const TalkVerb& verb);
int copy(const Arguments& arguments, const CopyVerb& verb);
int service_images(const Arguments& arguments, const ServiceImagesVerb& verb);
int plan(const Arguments& arguments, const PlanVerb& verb);
int config(const Arguments& arguments, const ConfigVerb& verb);
int validate(const Arguments& arguments);
int images(const Arguments& arguments, const ImagesVerb& verb);
int engine(const Arguments& arguments, const EngineVerb& verb);

}  // namespace fresh::cli
