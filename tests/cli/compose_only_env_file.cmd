0 --project projects/compose_only --env-file projects/compose_only/more.env config
