namespace IlgpuDistance.Training.Data;

/// <summary>The labels of a file.</summary>
/// <param name="Path">Where it lies, for messages.</param>
/// <param name="Labels">The class of each image.</param>
internal readonly record struct LabelledFile(string Path, ReadOnlyMemory<byte> Labels);
