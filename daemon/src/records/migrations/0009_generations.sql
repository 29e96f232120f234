-- Which configuration a call was held in, counted from the robot's start; nothing before.
ALTER TABLE calls ADD COLUMN generation INTEGER;
