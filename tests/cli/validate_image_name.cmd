10 --project projects/image_name validate
