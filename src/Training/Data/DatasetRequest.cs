namespace IlgpuDistance.Training.Data;

/// <summary>What the user asks for.</summary>
public sealed record DatasetRequest
{
    /// <summary>The data set.</summary>
    public DatasetChoice Choice { get; init; } = DatasetChoice.Auto;

    /// <summary>A folder with the four files of MNIST, or null where none is named.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether to download.</summary>
    public DownloadPolicy Download { get; init; } = DownloadPolicy.WhenNeeded;
}
