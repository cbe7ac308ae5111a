using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// One row of a training's metrics. Row 0 is the untrained network. Row e has the loss and the training accuracy of epoch
/// e's forward pass, before its step, and the test accuracy after it, as in the code published with arXiv:2502.02103.
/// </summary>
/// <param name="Epoch">The epoch, 0 for the untrained network.</param>
/// <param name="Loss">Mean cross-entropy over the training samples, in nats.</param>
/// <param name="TrainAccuracy">Accuracy on the training samples, in percent.</param>
/// <param name="TestAccuracy">Accuracy on the test samples, in percent; null where it was not evaluated.</param>
/// <param name="Seconds">Wall time of the epoch, with the evaluation of the test samples.</param>
public sealed record EpochRecord(int Epoch, double Loss, double TrainAccuracy, double? TestAccuracy, double Seconds) : IChecked
{
    /// <summary>What the file of a run has; the loss of one that diverged is not finite.</summary>
    void IChecked.Check()
    {
        Expect.InRange(Epoch, 0);
        Expect.InRange(TrainAccuracy, 0, 100);
        Expect.InRange(TestAccuracy ?? 0, 0, 100, nameof(TestAccuracy));
        Expect.InRange(Seconds, 0, double.MaxValue);
    }
}
