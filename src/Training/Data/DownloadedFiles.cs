namespace IlgpuDistance.Training.Data;

/// <summary>The files of a data set after a download.</summary>
/// <param name="Sources">The files, in the order of <see cref="PublishedDataset.Files"/>.</param>
/// <param name="NotStored">Why one of them is in memory only; null where all are stored.</param>
internal sealed record DownloadedFiles(IReadOnlyList<DataSource> Sources, string? NotStored);
