using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Loop;

/// <summary>A schedule in JSON: its text form.</summary>
internal sealed class ScheduleConverter() : TextConverter<LearningRateSchedule>(LearningRateSchedule.Parse);
