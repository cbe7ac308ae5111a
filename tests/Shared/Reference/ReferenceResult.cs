namespace IlgpuDistance.Tests.Reference;

/// <summary>What <see cref="ReferenceNetwork.Run"/> computes of samples.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Correct">Correct predictions.</param>
/// <param name="Logits">[samples, classes]</param>
/// <param name="LogitMagnitude">
/// The norm that the logits would have if nothing cancelled: with the absolute values of all terms.
/// </param>
/// <param name="Gradients">In the host layout.</param>
/// <param name="GradientMagnitude">The same of the gradients: with the sum of the absolute values over the samples.</param>
internal sealed record ReferenceResult(
    double Loss, int Correct, double[] Logits, double LogitMagnitude, double[] Gradients, double GradientMagnitude);
