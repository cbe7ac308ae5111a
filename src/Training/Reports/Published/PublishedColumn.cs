namespace IlgpuDistance.Training.Reports.Published;

/// <summary>A column of published test accuracies.</summary>
/// <param name="Name">Where it stands in the publication.</param>
/// <param name="Epochs">After how many epochs its figures can be meant; the publication contradicts itself in one column.</param>
/// <param name="Remark">What a reader must know about it; empty where there is nothing.</param>
internal sealed record PublishedColumn(string Name, IReadOnlyList<int> Epochs, string Remark)
{
    /// <summary>The epochs in words.</summary>
    public string EpochsInWords => string.Join(" or ", Epochs.Select(epochs => $"{epochs:N0}")) + " epochs";
}
