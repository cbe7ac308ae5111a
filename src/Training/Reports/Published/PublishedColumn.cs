namespace IlgpuDistance.Training.Reports.Published;

/// <summary>A column of published test accuracies.</summary>
/// <param name="Name">Where it stands in the publication.</param>
/// <param name="Epochs">After how many epochs its figures can be meant; the publication contradicts itself in one column.</param>
/// <param name="Remark">What a reader must know about it; empty where there is nothing.</param>
/// <param name="Claim">Whose accuracies its figures are, as a sentence to which the number of epochs is added.</param>
internal sealed record PublishedColumn(string Name, IReadOnlyList<int> Epochs, string Remark, string Claim)
{
    /// <summary>The epochs in words.</summary>
    public string EpochsInWords => string.Join(" or ", Epochs.Select(epochs => $"{epochs:N0}")) + " epochs";
}
