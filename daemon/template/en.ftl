# What the robot says its own way. Whatever is not here, it says as every robot does.
greeting = How can I help you?
