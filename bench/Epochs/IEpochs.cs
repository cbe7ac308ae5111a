namespace IlgpuDistance.Bench.Epochs;

/// <summary>What an epoch computed, to check that two programs compute the same.</summary>
/// <param name="TrainLoss">Mean loss of the forward passes, each before its own step.</param>
/// <param name="TestLoss">Mean loss of the test samples after the last step.</param>
internal readonly record struct EpochLosses(double TrainLoss, double TestLoss);

/// <summary>A program that trains a network by the paper's protocol.</summary>
internal interface IEpochs : IDisposable
{
    /// <summary>
    /// An epoch: forward, backward and step of plain SGD for each batch, then forward over the test samples; with the loss
    /// and the number of correct predictions of both.
    /// </summary>
    /// <param name="batches">Train on the first so many batches only.</param>
    EpochLosses Run(int batches = int.MaxValue);
}
